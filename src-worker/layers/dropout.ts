import { number } from '../contract/fields.ts';
import { formula } from '../plan/builder.ts';
import { defineLayer, oneInput } from './layer.ts';

const drop = formula('y = x * mask * scale');
const dropBack = formula('dx = dy * mask * scale');
const same = formula('y = x');

/**
 * Dropout: in training every value is kept with probability 1 − p, drawn anew for each example and step, and what is kept grows by
 * 1/(1 − p), so that nothing has to change afterwards: y = x·mask / (1 − p).
 *
 * Shapes: x, mask, y (B, …), all alike.
 * Config: `rate` = p.
 * Source: Srivastava et al. 2014, Dropout, JMLR 15; the scaling ("inverted dropout") as in its section 10.
 */
export const dropout = defineLayer({
  kind: 'dropout',
  group: 'regularization',
  help: 'Leaves out values at random in training',
  config: { rate: number(0.5, 'Share that is left out, p', { min: 0, max: 1, exclusiveMax: true }) },
  formula: 'y = \\dfrac{x \\cdot m}{1 - p} \\qquad P(m = 1) = 1 - p',
  inputs: oneInput,
  outputShape: ([x]) => x!,
  keeps: ([x], { rate }) => ({ mask: { shape: x!, keep: 1 - rate } }),

  forward(record, { x, y, kept }, _, { rate }) {
    record.map(drop, { x, mask: kept['mask']!, y }, { constants: { scale: 1 / (1 - rate) } });
  },
  inference(record, { x, y }) {
    record.map(same, { x, y });
  },
  backward(record, { dy, dx, kept }, _, __, { rate }) {
    if (dx) record.map(dropBack, { dy, mask: kept['mask']!, dx }, { constants: { scale: 1 / (1 - rate) }, add: true });
  }
});
