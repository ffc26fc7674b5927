import { Decisions } from './decisions.ts';
import { defineMetric } from './metric.ts';

/** Share of right answers; where labels may be missing, of the known ones. */
export const accuracy = defineMetric({
  kind: 'accuracy',
  help: 'Share of right answers',
  config: {},
  better: 'higher',
  unit: 'share',
  tally: Decisions,
  value(decisions) {
    const { total, count } = decisions.sum((right, given) => Number(right === given));
    return count > 0 ? total / count : null;
  }
});
