import { number } from '../contract/fields.ts';
import { defineSchedule, over, progress, timing } from './schedule.ts';

/** Polynomial decay: α_end + (α − α_end)·(1 − t/T)^p, then constant. p = 1 is a straight line. */
export const polynomial = defineSchedule({
  kind: 'polynomial',
  help: 'Down to an end value along a power of the time left',
  config: {
    end: number(0, 'Learning rate at the end', { min: 0, max: 1000 }),
    power: number(1, 'Power p', { min: 0, exclusiveMin: true, max: 10 }),
    over,
    ...timing
  },
  rate: (t, base, config, total) => config.end + (base - config.end) * (1 - progress(t, config, total)) ** config.power
});
