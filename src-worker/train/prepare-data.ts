import type { ExampleTable } from '../backends/backend.ts';
import type { Dataset } from '../contract/dataset.ts';
import type { Experiment } from '../contract/experiment.ts';
import { fitTargets, learnedOf } from '../data/normalize-targets.ts';
import { expandNormalization, fitNormalization } from '../data/normalize.ts';
import { splitExamples } from '../data/split.ts';
import { checkWordNumbers } from './check-word-numbers.ts';

/** Row numbers. */
export interface Splits {
  readonly train: Int32Array;
  readonly dev: Int32Array;
  readonly test: Int32Array;
}

export type PreparedData = ReturnType<typeof prepareExamples>;

/**
 * Which rows train, and how stored values become inputs and targets.
 *
 * Throws: `invalid_experiment` where the examples are not what a layer reads.
 */
export function prepareData(experiment: Experiment, dataset: Dataset): PreparedData {
  const prepared = prepareExamples(experiment, dataset);
  checkWordNumbers(experiment.network, prepared.table, prepared.splits);
  return prepared;
}

/** The same for any network. */
export function prepareExamples({ data, seed }: Pick<Experiment, 'data' | 'seed'>, dataset: Dataset) {
  const { info, examples, labels, values } = dataset;
  const parts = splitExamples({
    labels: labels.subarray(0, info.trainCount),
    classes: info.classes.length,
    limit: data.limit,
    split: data.split,
    seed
  });
  const test = Int32Array.from({ length: info.testCount }, (_, i) => info.trainCount + i);
  const splits: Splits = { ...parts, test };
  const normalization = fitNormalization(data.normalize, dataset, splits.train);
  const targets = fitTargets(data.normalizeTargets, dataset, splits.train);
  const inputs = expandNormalization(normalization, info);
  const table: ExampleTable = { examples, labels, values: learnedOf(targets, values), ...inputs };
  return { splits, normalization, targets, table, info };
}
