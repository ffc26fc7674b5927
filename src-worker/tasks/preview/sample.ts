import type { Sample, SampleRequest } from '../../contract/preview.ts';
import { prepareExamples } from '../../train/prepare-data.ts';

/** The first examples of the training part, normalized as in a run. */
export async function sample({ dataset, count, ...experiment }: SampleRequest): Promise<Sample> {
  const { splits, table } = prepareExamples(experiment, dataset);
  const size = table.scale.length;
  const rows = splits.train.subarray(0, count);
  const examples = new Float32Array(rows.length * size);
  for (const [at, row] of rows.entries())
    for (let i = 0; i < size; i++)
      examples[at * size + i] = table.examples[row * size + i]! * table.scale[i]! + table.shift[i]!;
  return { count: rows.length, examples };
}
