import { number } from '../contract/fields.ts';
import { defineActivation } from './activation.ts';

/**
 * Exponential linear unit: y = x where x > 0, else α·(eˣ − 1). Its derivative at 0 is α.
 *
 * Source: Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289, eq. 15.
 */
export const elu = defineActivation({
  kind: 'elu',
  help: 'x where x > 0, else α · (eˣ − 1)',
  config: { alpha: number(1, 'Depth below 0, α', { min: 0, max: 10 }) },
  formula: 'y = \\begin{cases} x & x > 0 \\\\ \\alpha\\,(e^x - 1) & x \\le 0 \\end{cases}',
  forward: 'y = select(x, x, alpha * (exp(min(x, 0)) - 1))',
  backward: 'dx = dy * select(x, 1, y + alpha)'
});
