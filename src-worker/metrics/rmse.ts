import { Errors } from './errors.ts';
import { defineMetric } from './metric.ts';

/** Root of the mean squared error over all values that are known: in the unit of the target, large errors weigh more. */
export const rmse = defineMetric({
  kind: 'rmse',
  help: 'Root of the mean squared error: large errors weigh more',
  config: {},
  better: 'lower',
  unit: 'number',
  tally: Errors,
  value(errors) {
    const mean = errors.mean('squared');
    return mean === null ? null : Math.sqrt(mean);
  }
});
