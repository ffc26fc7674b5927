import { number } from '../contract/fields.ts';
import { defineSchedule, timing } from './schedule.ts';

/** Inverse time decay: α / (1 + k·t). */
export const inverseTime = defineSchedule({
  kind: 'inverse-time',
  help: 'α / (1 + k · t)',
  config: { k: number(1, 'How fast it falls, k', { min: 0, max: 1000, scale: 'log' }), ...timing },
  rate: (t, base, { k }) => base / (1 + k * t)
});
