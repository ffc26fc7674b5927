import { Errors } from './errors.ts';
import { defineMetric } from './metric.ts';

/**
 * Coefficient of determination: R² = 1 − Σ(t − y)² / Σ(t − mean t)². 1 is perfect, 0 is as good as always saying the mean. Of several
 * columns the unweighted mean, those whose values are all alike left out.
 *
 * Source: Kvålseth 1985, Cautionary Note about R², The American Statistician 39(4), R₁².
 */
export const r2 = defineMetric({
  kind: 'r2',
  help: 'Share of the variance that is explained; 0 is as good as always saying the mean',
  config: {},
  better: 'higher',
  unit: 'number',
  tally: Errors,
  value({ columns }) {
    const varied = columns.filter(({ spread }) => spread > 0);
    if (varied.length === 0) return null;
    return varied.reduce((sum, { squared, spread }) => sum + 1 - squared / spread, 0) / varied.length;
  }
});
