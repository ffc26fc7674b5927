/** Sums of what the losses write, the same on every backend. */
import type { Plan } from '../plan/plan.ts';

/** In float64 and in the order of the rows: the same whatever the shards. */
export function sumOf(values: ArrayLike<number>, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  return sum;
}

/** Whether every head's loss of a step is a number: else its update must not be made. */
export const isFinite = ({ heads }: Pick<Plan, 'heads'>, sums: readonly Float64Array[], step: number): boolean =>
  heads.every(({ measures }) => Number.isFinite(sums[measures.loss]![step]!));
