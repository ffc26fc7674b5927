import { number } from '../contract/fields.ts';
import { defineSchedule, over, progress, timing } from './schedule.ts';

/**
 * Cosine annealing: α_end + (α − α_end)·(1 + cos(π·t/T))/2, then constant.
 *
 * Source: Loshchilov & Hutter 2017, SGDR, arXiv:1608.03983, eq. 5, without restarts.
 */
export const cosine = defineSchedule({
  kind: 'cosine',
  help: 'Down to an end value along half a cosine',
  config: { end: number(0, 'Learning rate at the end', { min: 0, max: 1000 }), over, ...timing },
  rate: (t, base, config, total) =>
    config.end + ((base - config.end) * (1 + Math.cos(Math.PI * progress(t, config, total)))) / 2
});
