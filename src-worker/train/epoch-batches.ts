/** The mini-batches of one epoch: the training rows in a random order, cut into batches; the last one may be smaller. */
import { randomStream } from '../data/random.ts';
import type { Batches } from '../backends/backend.ts';

export interface EpochBatches {
  readonly steps: number;
  /** `count` batches from batch `from` on, as an engine takes them; `numbersOf` a step (from 1 over the run): see Batches.numbers. */
  take(from: number, count: number, firstStep: number, numbersOf: StepNumbers): Batches;
}

/** What the update rules know of a step. Always the same names. */
export type StepNumbers = (step: number) => Readonly<Record<string, number>>;

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
    take: (from, count, firstStep, numbersOf) => ({
      steps: count,
      rows: rows.subarray(from * batchSize, (from + count) * batchSize),
      counts: counts.subarray(from, from + count),
      firstStep,
      numbers: collect(count, (i) => numbersOf(firstStep + i))
    })
  };
}

function collect(count: number, at: (index: number) => Readonly<Record<string, number>>): Record<string, Float64Array> {
  const columns: Record<string, Float64Array> = {};
  for (let i = 0; i < count; i++)
    for (const [name, value] of Object.entries(at(i))) (columns[name] ??= new Float64Array(count))[i] = value;
  return columns;
}
