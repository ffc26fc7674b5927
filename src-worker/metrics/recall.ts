import { Decisions } from './decisions.ts';
import { defineMetric } from './metric.ts';
import { ofWhich, refusesItem, score, variantOf } from './scores.ts';

/**
 * Share of the examples of a class that were given it: hits / actual. Of one class (or yes/no column), or the
 * unweighted mean over all that occur (macro average).
 *
 * Config: `of`, the class or column, or −1 for the mean.
 */
export const recall = defineMetric({
  kind: 'recall',
  help: 'Of what is so, the share that was found',
  config: ofWhich,
  better: 'higher',
  unit: 'share',
  tally: Decisions,
  variant: variantOf,
  refuses: refusesItem,
  value: (decisions, config) => score(decisions, config, 'recall')
});
