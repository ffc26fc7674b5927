import { Errors } from './errors.ts';
import { defineMetric } from './metric.ts';

/** Mean absolute error over all values that are known: in the unit of the target. */
export const mae = defineMetric({
  kind: 'mae',
  help: 'Mean absolute error: how far off, on average',
  config: {},
  better: 'lower',
  unit: 'number',
  tally: Errors,
  value: (errors) => errors.mean('absolute')
});
