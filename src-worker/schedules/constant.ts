import { defineSchedule, timing } from './schedule.ts';

/** The same learning rate all the time. */
export const constant = defineSchedule({
  kind: 'constant',
  help: 'The same all the time',
  config: timing,
  rate: (_, base) => base
});
