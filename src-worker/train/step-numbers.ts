import type { Experiment } from '../contract/experiment.ts';
import type { Kinded } from '../contract/fields.ts';
import type { Metrics } from '../contract/run.ts';
import { optimizers } from '../optimizers/table.ts';
import { factorAfter, learningRateAt } from '../schedules/learning-rate.ts';
import type { StepNumbers } from './epoch-batches.ts';

export interface Past {
  /** Metrics of the epochs before, for schedules that listen. */
  readonly history?: readonly Metrics[];
  /** Steps done beyond those that the epochs before have at their present length: a change of the batch size moves no schedule. */
  readonly ahead?: number;
}

/** What the update rules of an experiment know of each step: the learning rate of its schedule, and what its optimizer adds. */
export function stepNumbers(
  { training }: Experiment,
  stepsPerEpoch: number,
  { history = [], ahead = 0 }: Past = {}
): StepNumbers {
  const { optimizer, schedule, epochs } = training;
  const { learningRate } = optimizer as unknown as { learningRate: number };
  const { perStep } = optimizers[optimizer.kind]!;
  const factor = factorAfter(history, learningRate, schedule as Kinded);
  return (step) => ({
    learningRate: factor * learningRateAt(step - 1 - ahead, learningRate, schedule, { stepsPerEpoch, epochs }),
    ...perStep?.(step, optimizer as Kinded)
  });
}
