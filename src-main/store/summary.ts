/** The summary columns of `runs` and the RunSummary they make. */
import type { RunSummary } from '../../src-worker/contract/lab-api.ts';
import type { Metrics, RunStatus } from '../../src-worker/contract/run.ts';

type MaybeNumber = number | null;

/** As better-sqlite3's raw mode gives a row, in the order of `summaryColumns`: half the time of one object with 29 names. */
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
  lastHasDev: number,
  lastDevLoss: MaybeNumber,
  lastDevAccuracy: MaybeNumber,
  bestEpoch: MaybeNumber,
  bestTrainLoss: MaybeNumber,
  bestTrainAccuracy: MaybeNumber,
  bestHasDev: number,
  bestDevLoss: MaybeNumber,
  bestDevAccuracy: MaybeNumber,
  hasTest: number,
  testLoss: MaybeNumber,
  testAccuracy: MaybeNumber
];

export const summaryColumns = `
  id, name, status, dataset, backend, optimizer, learning_rate, parameters, started_at_ms, ended_at_ms, seconds, epochs, epochs_done,
  last_train_loss, last_train_accuracy, last_has_dev, last_dev_loss, last_dev_accuracy,
  best_epoch, best_train_loss, best_train_accuracy, best_has_dev, best_dev_loss, best_dev_accuracy,
  has_test, test_loss, test_accuracy`;

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
  const [epochs, epochsDone, lastLoss, lastAccuracy, lastHasDev, lastDevLoss, lastDevAccuracy, ...later] = measured;
  const [bestEpoch, bestLoss, bestAccuracy, bestHasDev, bestDevLoss, bestDevAccuracy, hasTest, testLoss, testAccuracy] =
    later;
  const last = {
    train: metrics(lastLoss, lastAccuracy),
    dev: lastHasDev ? metrics(lastDevLoss, lastDevAccuracy) : null
  };
  const bestDev = bestHasDev ? metrics(bestDevLoss, bestDevAccuracy) : null;
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
    best: bestEpoch === null ? null : { epoch: bestEpoch, train: metrics(bestLoss, bestAccuracy), dev: bestDev },
    test: hasTest ? metrics(testLoss, testAccuracy) : null
  };
}

const metrics = (loss: MaybeNumber, accuracy: MaybeNumber): Metrics => ({ loss, accuracy });
