import { number } from '../contract/fields.ts';
import { defineSchedule, timing } from './schedule.ts';

/** Exponential decay: α·γᵗ. */
export const exponential = defineSchedule({
  kind: 'exponential',
  help: 'Times a factor each time',
  config: { factor: number(0.95, 'Factor each time, γ', { min: 0, exclusiveMin: true, max: 1 }), ...timing },
  rate: (t, base, { factor }) => base * factor ** t
});
