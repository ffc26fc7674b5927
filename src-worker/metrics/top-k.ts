import { integer } from '../contract/fields.ts';
import { refusal } from '../contract/refusal.ts';
import { defineMetric } from './metric.ts';
import { Ranks } from './ranks.ts';

/**
 * Share of examples whose class is among the k with the largest outputs.
 *
 * Config: `k`, less than the number of classes.
 * Source: Russakovsky et al. 2015, ImageNet Large Scale Visual Recognition Challenge, arXiv:1409.0575 (as an error, k = 5).
 */
export const topK = defineMetric({
  kind: 'top-k',
  help: 'Share of examples whose class is among the k likeliest',
  config: { k: integer(5, 'How many guesses count', { min: 1, max: 255 }) },
  better: 'higher',
  unit: 'share',
  tally: Ranks,
  variant: ({ k }) => String(k),
  refuses: ({ width }, { k }) =>
    k < width ? null : refusal('top-all', { k, classes: width }, [{ set: { k: Math.max(1, width - 1) } }]),
  value({ counts }, { k }) {
    const all = counts.reduce((sum, count) => sum + count, 0);
    return all > 0 ? counts.subarray(0, k).reduce((sum, count) => sum + count, 0) / all : null;
  }
});
