import { Decisions } from './decisions.ts';
import { defineMetric } from './metric.ts';
import { ofWhich, refusesItem, score, variantOf } from './scores.ts';

/**
 * F1 = 2·hits / (predicted + actual), the harmonic mean of precision and recall. Of one class (or yes/no column), or the
 * unweighted mean over all that occur (macro average).
 *
 * Config: `of`, the class or column, or −1 for the mean.
 */
export const f1 = defineMetric({
  kind: 'f1',
  help: 'Precision and recall in one number, their harmonic mean',
  config: ofWhich,
  better: 'higher',
  unit: 'share',
  tally: Decisions,
  variant: variantOf,
  refuses: refusesItem,
  value: (decisions, config) => score(decisions, config, 'f1')
});
