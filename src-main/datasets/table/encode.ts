/** Turns the rows of a table into numbers: inputs as columns of numbers and one column per level of a category, targets beside them. */
import { LabError } from '../../../src-worker/contract/errors.ts';
import { badFile } from '../faults.ts';
import { isMissing, toNumber, type InputColumn } from './columns.ts';
import { readRows, type CsvFile, type CsvRecord } from './read-csv.ts';
import type { Targets } from './targets.ts';

/** What a missing field of a category counts as; in brackets where a level is called that. */
function gapName(levels: readonly string[]): string {
  let name = 'missing';
  while (levels.includes(name)) name = `(${name})`;
  return name;
}

const widthOf = (input: InputColumn): number => columnNames(input).length;

/** Names of the numbers that an input column becomes. */
export function columnNames(input: InputColumn): string[] {
  if (input.kind === 'ignored') return [];
  if (input.kind === 'number') return [input.name];
  const levels = input.missing > 0 ? [...input.levels, gapName(input.levels)] : input.levels;
  return levels.map((level) => `${input.name} = ${level}`);
}

/** Rows that have a target, in the order of the file. */
export interface Filled {
  readonly count: number;
  readonly examples: Float32Array;
  readonly labels: Uint8Array;
  readonly values: Float32Array;
}

/** `rows`: how many there are. Throws: `bad_dataset`, `unreadable_file`. */
export async function fillRows(
  file: CsvFile,
  rows: number,
  used: readonly InputColumn[],
  targets: Targets
): Promise<Filled> {
  const width = used.reduce((sum, input) => sum + widthOf(input), 0);
  const perRow = targets.values.length;
  const [examples, values] = [new Float32Array(rows * width), new Float32Array(rows * perRow)];
  const labels = new Uint8Array(rows);
  const writers = writersOf(file, used);
  let [count, seen] = [0, 0];
  for await (const record of readRows(file)) {
    if (++seen > rows) break;
    const target = targets.read(record);
    if (!target) continue;
    if (targets.classes.length > 0 && Number.isNaN(target[0])) throw changed(file);
    if (targets.classes.length > 0) labels[count] = target[0]!;
    else
      targets.columns.forEach(
        (column, at) => (values[count * perRow + at] = single(file, record, column, target[at]!))
      );
    for (const write of writers) write(record, examples, count * width);
    count++;
  }
  if (seen !== rows) throw changed(file);
  return {
    count,
    examples: examples.subarray(0, count * width),
    labels: labels.subarray(0, count),
    values: values.subarray(0, count * perRow)
  };
}

type Writer = (record: CsvRecord, examples: Float32Array, rowAt: number) => void;

function writersOf(file: CsvFile, used: readonly InputColumn[]): Writer[] {
  let from = 0;
  return used.map((input): Writer => {
    const offset = from;
    from += widthOf(input);
    if (input.kind === 'category') {
      const numberOf = new Map(input.levels.map((level, at) => [level, at]));
      return ({ fields }, examples, rowAt) => {
        const field = fields[input.at]!;
        const gap = input.missing > 0 ? input.levels.length : undefined;
        const level = isMissing(field) ? gap : numberOf.get(field);
        if (level === undefined) throw changed(file);
        examples[rowAt + offset + level] = 1;
      };
    }
    return (record, examples, rowAt) => {
      const field = record.fields[input.at]!;
      const value = isMissing(field) ? NaN : single(file, record, input, toNumber(field, file.delimiter));
      examples[rowAt + offset] = value;
    };
  });
}

/** Networks compute in single precision. Throws: `bad_dataset` when the number does not fit. */
function single(
  file: CsvFile,
  { fields, line }: CsvRecord,
  { name, at }: { name: string; at: number },
  value: number
): number {
  if (Number.isFinite(Math.fround(value)) || Number.isNaN(value)) return value;
  const what = `Line ${line}, column “${name}” holds a number that is too large`;
  throw badFile(file.path, what, 'at most 3.4e38', `“${fields[at]!.slice(0, 60)}”`, 'Use another unit.');
}

const changed = ({ path }: CsvFile) =>
  new LabError('bad_dataset', `${path} was changed while it was read. Import it again.`, { file: path });
