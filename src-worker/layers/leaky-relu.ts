import { number } from '../contract/fields.ts';
import { defineActivation } from './activation.ts';

/**
 * Leaky relu: y = x where x > 0, else slope·x, so that no unit can die. Its derivative at 0 is the slope.
 *
 * Source: Maas, Hannun & Ng 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models, section 2.
 */
export const leakyRelu = defineActivation({
  kind: 'leaky-relu',
  help: 'x where x > 0, else slope · x',
  config: { slope: number(0.01, 'Slope below 0', { min: 0, max: 1 }) },
  formula: 'y = \\begin{cases} x & x > 0 \\\\ s\\,x & x \\le 0 \\end{cases}',
  forward: 'y = select(x, x, slope * x)',
  backward: 'dx = select(x, dy, slope * dy)'
});
