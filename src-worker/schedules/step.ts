import { integer, number } from '../contract/fields.ts';
import { defineSchedule, timing } from './schedule.ts';

/** Steps down: α·γ^⌊t / every⌋. */
export const step = defineSchedule({
  kind: 'step',
  help: 'Times a factor every so often',
  config: {
    every: integer(10, 'Length of a stair', { min: 1, max: 1_000_000_000 }),
    factor: number(0.5, 'Factor from one stair to the next, γ', { min: 0, exclusiveMin: true, max: 1 }),
    ...timing
  },
  rate: (t, base, { every, factor }) => base * factor ** Math.floor(t / every)
});
