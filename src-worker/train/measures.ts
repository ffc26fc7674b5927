import type { Metrics } from '../contract/run.ts';
import type { Plan } from '../plan/plan.ts';

/** Loss and accuracy from the sums of a plan's measures over `count` examples. NaN and infinity become null. */
export function metricsOf({ heads }: Pick<Plan, 'heads'>, sums: ArrayLike<number>, count: number): Metrics {
  let loss = 0;
  for (const { share, measures } of heads) {
    const mass = measures.mass === null ? count : sums[measures.mass]!;
    loss += share * (mass > 0 ? sums[measures.loss]! / mass : 0);
  }
  // The first output that can be right or wrong speaks for the network.
  const judged = heads.find(({ measures }) => measures.correct !== null)?.measures;
  const asked = judged && (judged.judged === null ? count : sums[judged.judged]!);
  return {
    loss: Number.isFinite(loss) ? loss : null,
    accuracy: judged && asked! > 0 ? sums[judged.correct!]! / asked! : null
  };
}
