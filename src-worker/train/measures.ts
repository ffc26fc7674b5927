import type { Metrics } from '../contract/run.ts';
import { metricName } from '../metrics/names.ts';
import type { Head, Plan } from '../plan/plan.ts';

/**
 * Loss and accuracy from the sums of a plan's measures over `count` examples; of several outputs also those of each. NaN and infinity
 * become null.
 */
export function metricsOf({ heads }: Pick<Plan, 'heads'>, sums: ArrayLike<number>, count: number): Metrics {
  const measured = heads.map((head) => measuredOf(head, sums, count));
  const loss = heads.reduce((sum, { share }, index) => sum + share * measured[index]!.loss, 0);
  // The first output that can be right or wrong speaks for the network.
  const judged = heads.findIndex(({ measures }) => measures.correct !== null);
  const named = heads.flatMap(({ node, measures }, index) => {
    if (heads.length === 1) return [];
    const own = measured[index]!;
    const right = measures.correct === null ? [] : [[metricName(node, 'accuracy'), own.accuracy] as const];
    return [[metricName(node, 'loss'), finite(own.loss)] as const, ...right];
  });
  return { loss: finite(loss), accuracy: measured[judged]?.accuracy ?? null, ...Object.fromEntries(named) };
}

function measuredOf({ measures }: Head, sums: ArrayLike<number>, count: number) {
  const mass = measures.mass === null ? count : sums[measures.mass]!;
  const asked = measures.judged === null ? count : sums[measures.judged]!;
  return {
    loss: mass > 0 ? sums[measures.loss]! / mass : 0,
    accuracy: measures.correct !== null && asked > 0 ? sums[measures.correct]! / asked : null
  };
}

/** null stands for what is no number: see metricsSchema. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
