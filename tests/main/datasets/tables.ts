/** Small tables for the tests, written to files of their own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import { importTable, type TableOptions } from '../../../src-main/datasets/table/import-table.ts';
import { emptyFolder } from './files.ts';

export function table(content: string | Uint8Array, name = 'table.csv'): string {
  const path = join(emptyFolder(), name);
  writeFileSync(path, content);
  return path;
}
export const imported = (content: string | Uint8Array, options: TableOptions) => importTable(table(content), options);
/** Inputs and targets of every example, training rows first. */
export const rowsOf = ({ info, examples, labels, values }: Dataset) => {
  const width = info.shape[0]!;
  return Array.from(labels, (label, at) => ({
    x: [...examples.subarray(at * width, (at + 1) * width)],
    y:
      info.classes.length > 0
        ? info.classes[label]
        : [...values.subarray(at * info.values.length, (at + 1) * info.values.length)]
  }));
};

export const flowers = [
  'id,length,width,colour,bought,species',
  '1,5.1,3.5,red,2024-05-01,setosa',
  '2,4.9,,blue,2024-05-02,setosa',
  '3,7,3.2,red,2024-05-03,versicolor',
  '4,6.4,3.2,,2024-05-04,versicolor',
  '5,6.3,3.3,blue,2024-05-05,virginica',
  '6,5.8,NA,red,2024-05-06,virginica',
  '7,5.8,2.7,red,2024-05-07,?'
].join('\n');
