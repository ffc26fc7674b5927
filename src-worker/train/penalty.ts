import type { RegularizeSpec } from '../contract/experiment.ts';
import type { Plan } from '../plan/plan.ts';
import { penaltyOf } from '../regularizers/regularize.ts';

/** What the weights cost by themselves: Σ λ₁|w| + λ₂w² in the form that is set. `w`: the arena. */
export function penaltyIn(
  { parameters, batchSize }: Pick<Plan, 'parameters' | 'batchSize'>,
  regularize: RegularizeSpec,
  w: Float32Array
): number {
  const { l1, l2 } = penaltyOf(regularize, batchSize);
  let sum = 0;
  for (const { role, at, size } of parameters) {
    if (role !== 'weight' && (role === 'statistic' || !regularize.biases)) continue;
    for (let i = at; i < at + size; i++) sum += l1 * Math.abs(w[i]!) + l2 * w[i]! ** 2;
  }
  return sum;
}

export const isPenalized = ({ l1, l2 }: RegularizeSpec): boolean => l1 > 0 || l2 > 0;
