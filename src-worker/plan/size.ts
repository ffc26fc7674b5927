/** What a plan takes of memory, told before any is taken. */
import { LabError } from '../contract/errors.ts';
import type { Plan } from './plan.ts';
import { sizeOf } from './program.ts';

/**
 * No engine takes more: it is all that WebAssembly can address. Plain loops and graphics processors could have more, but their arenas
 * are typed arrays in the run's thread as well, several times over.
 */
export const MOST_BYTES = 2 ** 32;

/** What every engine needs at least, whatever the batch: the arenas of parameters, gradients and states. */
export const arenaBytesOf = ({ arena, states }: Pick<Plan, 'arena' | 'states'>): number =>
  4 * arena * (2 + states.length);

/** What an engine needs in which every tensor of a mini-batch has a place of its own. */
export function bytesOf(plan: Plan): number {
  const { tensors, parameters, batchSize } = plan;
  const placed = new Set(parameters.flatMap(({ value, gradient }) => [value.id, gradient.id]));
  const others = tensors.filter(({ id }) => !placed.has(id));
  const floats = others.reduce((sum, { shape, perExample }) => sum + sizeOf(shape) * (perExample ? batchSize : 1), 0);
  return arenaBytesOf(plan) + 4 * floats;
}

/**
 * `bytesWith`: what is needed with a batch of that size.
 *
 * Throws: `out_of_memory` with what is needed and the largest batch that would fit.
 */
export function checkSize(batchSize: number, bytesWith: (batchSize: number) => number): void {
  const needed = bytesWith(batchSize);
  if (needed <= MOST_BYTES) return;
  let [fits, tooMany] = [0, batchSize];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bytesWith(middle) <= MOST_BYTES) fits = middle;
    else tooMany = middle;
  }
  const advice =
    fits > 0 ? `The largest batch that fits is ${fits}.` : 'Not even a batch of 1 fits: use smaller layers.';
  throw new LabError(
    'out_of_memory',
    `This network needs ${inMib(needed)} with a batch of ${batchSize}, more than ${inMib(MOST_BYTES)}. ${advice}`,
    { neededBytes: needed, limitBytes: MOST_BYTES, largestBatch: fits }
  );
}

/** Throws: `out_of_memory` for what keeps every tensor of a plan by itself. */
export const checkPlanSize = (plan: Plan): void =>
  checkSize(plan.batchSize, (batchSize) => bytesOf({ ...plan, batchSize }));

export const inMib = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
