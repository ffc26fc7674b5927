import { Decisions } from './decisions.ts';
import { defineMetric } from './metric.ts';
import { ofWhich, refusesItem, score, variantOf } from './scores.ts';

/**
 * Share of a class among all examples that were given it: hits / predicted. Of one class (or yes/no column), or the
 * unweighted mean over all that occur (macro average).
 *
 * Config: `of`, the class or column, or −1 for the mean.
 */
export const precision = defineMetric({
  kind: 'precision',
  help: 'Of what was called so, the share that is so',
  config: ofWhich,
  better: 'higher',
  unit: 'share',
  tally: Decisions,
  variant: variantOf,
  refuses: refusesItem,
  value: (decisions, config) => score(decisions, config, 'precision')
});
