/** The mini-batches of one epoch: the training rows in a random order, cut into batches; the last one may be smaller. */
import { randomStream } from '../data/random.ts';
import type { Batches } from '../backends/backend.ts';

export interface EpochBatches {
  readonly steps: number;
  /** `count` batches from batch `from` on, as an engine takes them; `rateOf` gives the learning rate of a step (from 1 over the run). */
  take(from: number, count: number, firstStep: number, rateOf: (step: number) => number): Batches;
}

/** `epoch` counts from 1; each has a random stream of its own, so that a run can be taken up at any epoch. */
export function epochBatches(train: Int32Array, batchSize: number, seed: number, epoch: number): EpochBatches {
  const order = Int32Array.from(train);
  randomStream(seed, 'shuffle', epoch).shuffle(order);
  const steps = Math.ceil(order.length / batchSize);
  const rows = new Int32Array(steps * batchSize);
  rows.set(order);
  const counts = new Int32Array(steps).fill(batchSize);
  counts[steps - 1] = order.length - (steps - 1) * batchSize;
  return {
    steps,
    take: (from, count, firstStep, rateOf) => ({
      steps: count,
      rows: rows.subarray(from * batchSize, (from + count) * batchSize),
      counts: counts.subarray(from, from + count),
      firstStep,
      learningRates: Float64Array.from({ length: count }, (_, i) => rateOf(firstStep + i))
    })
  };
}
