import type { DatasetInfo } from '../contract/dataset.ts';
import type { Experiment } from '../contract/experiment.ts';
import type { Kinded } from '../contract/fields.ts';
import { measuredNames } from '../metrics/requests.ts';
import { outputsOf, type ParsedHeads } from './check-heads.ts';
import { resolveNetwork } from './resolve-network.ts';

/** What early stopping may watch in a run of this experiment, which has passed checkExperiment: `dev.loss`, `dev.accuracy`, … */
export function monitorsOf({ network, training }: Experiment, dataset: DatasetInfo): string[] {
  const { layers } = resolveNetwork(network, dataset.shape);
  const judging = { loss: training.loss as Kinded, heads: training.heads as ParsedHeads };
  const outputs = outputsOf(layers, dataset, judging);
  return measuredNames(outputs ?? [], training.metrics as Kinded[]).map((name) => `dev.${name}`);
}
