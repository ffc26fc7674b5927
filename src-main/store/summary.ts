/** The summary columns of `runs` and the RunSummary they make. */
import type { RunSummary } from '../../src-worker/contract/lab-api.ts';
import type { Metrics, RunStatus } from '../../src-worker/contract/run.ts';
import { metricsOf } from './metric-columns.ts';

type MaybeNumber = number | null;
type MaybeText = string | null;

/** As better-sqlite3's raw mode gives a row, in the order of `summaryColumns`: half the time of one object with some thirty names. */
export type SummaryRow = [
  id: number,
  name: string,
  status: RunStatus,
  dataset: string,
  backend: string | null,
  optimizer: string,
  learningRate: MaybeNumber,
  parameters: MaybeNumber,
  startedAtMs: number,
  endedAtMs: MaybeNumber,
  seconds: number,
  epochs: number,
  epochsDone: number,
  lastTrainLoss: MaybeNumber,
  lastTrainAccuracy: MaybeNumber,
  lastTrainMore: MaybeText,
  lastHasDev: number,
  lastDevLoss: MaybeNumber,
  lastDevAccuracy: MaybeNumber,
  lastDevMore: MaybeText,
  bestEpoch: MaybeNumber,
  bestTrainLoss: MaybeNumber,
  bestTrainAccuracy: MaybeNumber,
  bestTrainMore: MaybeText,
  bestHasDev: number,
  bestDevLoss: MaybeNumber,
  bestDevAccuracy: MaybeNumber,
  bestDevMore: MaybeText,
  hasTest: number,
  testLoss: MaybeNumber,
  testAccuracy: MaybeNumber,
  testMore: MaybeText,
  parentRun: MaybeNumber,
  parentCheckpoint: MaybeNumber
];

export const summaryColumns = `
  id, name, status, dataset, backend, optimizer, learning_rate, parameters, started_at_ms, ended_at_ms, seconds, epochs, epochs_done,
  last_train_loss, last_train_accuracy, last_train_more, last_has_dev, last_dev_loss, last_dev_accuracy, last_dev_more,
  best_epoch, best_train_loss, best_train_accuracy, best_train_more,
  best_has_dev, best_dev_loss, best_dev_accuracy, best_dev_more,
  has_test, test_loss, test_accuracy, test_more, parent_run_id, parent_checkpoint`;

export function summaryOf(row: SummaryRow): RunSummary {
  const [
    id,
    name,
    status,
    dataset,
    backend,
    optimizer,
    learningRate,
    parameters,
    startedAtMs,
    endedAtMs,
    seconds,
    ...measured
  ] = row;
  const [epochs, epochsDone, lastLoss, lastAccuracy, lastMore, ...afterLast] = measured;
  const [lastHasDev, lastDevLoss, lastDevAccuracy, lastDevMore, ...best] = afterLast;
  const [bestEpoch, bestLoss, bestAccuracy, bestMore, ...afterBest] = best;
  const [bestHasDev, bestDevLoss, bestDevAccuracy, bestDevMore, ...tested] = afterBest;
  const [hasTest, testLoss, testAccuracy, testMore, parentRun, parentCheckpoint] = tested;
  const last = {
    train: metrics(lastLoss, lastAccuracy, lastMore),
    dev: lastHasDev ? metrics(lastDevLoss, lastDevAccuracy, lastDevMore) : null
  };
  const bestTrain = metrics(bestLoss, bestAccuracy, bestMore);
  const bestDev = bestHasDev ? metrics(bestDevLoss, bestDevAccuracy, bestDevMore) : null;
  return {
    ...{
      id,
      name,
      status,
      dataset,
      backend,
      optimizer,
      learningRate,
      parameters,
      startedAtMs,
      endedAtMs,
      seconds,
      epochs,
      epochsDone
    },
    last: epochsDone > 0 ? last : null,
    best: bestEpoch === null ? null : { epoch: bestEpoch, train: bestTrain, dev: bestDev },
    test: hasTest ? metrics(testLoss, testAccuracy, testMore) : null,
    parent: parentRun === null ? null : { run: parentRun, checkpoint: parentCheckpoint }
  };
}

const metrics = (loss: MaybeNumber, accuracy: MaybeNumber, more: MaybeText): Metrics =>
  metricsOf({ loss, accuracy, more });
