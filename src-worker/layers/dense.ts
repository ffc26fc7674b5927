import { flag, integer, kindOf, type Kinded } from '../contract/fields.ts';
import { initializers } from '../initializers/table.ts';
import { defineLayer, oneInput } from './layer.ts';
import { needsRow } from './needs-row.ts';

/**
 * Fully connected layer: y = x·W + b.
 *
 * Shapes: x (B, I), W (I, O), b (O), y (B, O); float32, row-major.
 * Config: `units` = O, at least 1.
 * Source: Goodfellow et al. 2016, Deep Learning, algorithms 6.3 (forward) and 6.4 (backward).
 */
export const dense = defineLayer({
  kind: 'dense',
  group: 'core',
  help: 'Every input to every unit: y = x·W + b',
  config: {
    units: integer(16, 'Number of units', { min: 1, max: 65_536, scale: 'log' }),
    init: kindOf(initializers, 'he-normal', 'Initial weights'),
    bias: flag(true, 'Add a learned bias to every unit')
  },
  formula: 'y_o = b_o + \\sum_i x_i\\,W_{io}',
  inputs: oneInput,

  outputShape([x], { units }) {
    if (x!.length === 1) return [units];
    return needsRow('needs-row', 'dense', x!);
  },

  parameters([x], { units, init, bias }) {
    const fans = { fanIn: x![0]!, fanOut: units };
    const b = { shape: [units], role: 'bias', init: { kind: 'zeros' } satisfies Kinded, ...fans } as const;
    return { W: { shape: [x![0]!, units], role: 'weight', init, ...fans }, ...(bias && { b }) };
  },

  multiplyAdds: ([x], { units }) => x![0]! * units,

  forward(record, { x, y }, { W, b }) {
    record.matmul('NN', x, W!, y, { bias: b });
  },

  // Every gradient is added to, never overwritten: x may feed two layers.
  backward(record, { x, dy, dx }, { W, b }, { dW, db }) {
    record.matmul('TN', x, dy, dW!, { add: true }); //       dW += xᵀ·dy
    if (b) record.sumRows(dy, db!, { add: true }); //        db += Σ_B dy
    if (dx) record.matmul('NT', dy, W!, dx, { add: true }); // dx += dy·Wᵀ
  }
});
