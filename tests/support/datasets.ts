/** Dataset descriptions and specs that several tests need. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { generatedInfo } from '../../src-worker/data/generators/generator.ts';
import { generators } from '../../src-worker/data/generators/table.ts';

const root = join(import.meta.dirname, '../..');

const described = (
  name: string,
  shape: number[],
  classes: number,
  trainCount: number,
  testCount: number
): DatasetInfo => ({
  name,
  title: name,
  origin: 'generated',
  shape,
  classes: Array.from({ length: classes }, (_, index) => `class ${index}`),
  values: [],
  trainCount,
  testCount,
  encoding: shape.length === 3 ? 'bytes' : 'floats',
  license: 'MIT',
  source: 'test'
});

/** What the presets name, without the data. */
export const describedDatasets: readonly DatasetInfo[] = [
  described('fashion-mnist', [28, 28, 1], 10, 60_000, 10_000),
  described('fashion-mnist-small', [28, 28, 1], 10, 10_000, 2_000),
  ...Object.values(generators).map((one) => generatedInfo(one))
];

/** A preset's experiment as it stands in its file, defaults not filled in. */
export function presetSpec(name: string): Experiment {
  return (JSON.parse(readFileSync(join(root, `resources/presets/${name}.json`), 'utf8')) as { experiment: Experiment })
    .experiment;
}
