import { refusal, shapeText } from '../contract/refusal.ts';
import { defineLayer } from './layer.ts';

/**
 * Its inputs side by side, along the last axis: the channels of images, the values of rows.
 *
 * Shapes: x₁ (B, …, N₁), x₂ (B, …, N₂), …, y (B, …, N₁ + N₂ + …); all other axes alike.
 */
export const concat = defineLayer({
  kind: 'concat',
  group: 'merge',
  help: 'Its inputs side by side: more channels, or longer rows',
  config: {},
  formula: 'y = (x_1, x_2, \\dots)',
  inputs: { min: 2, max: 16 },

  outputShape(inputs) {
    const [first, ...others] = inputs;
    const outer = first!.slice(0, -1);
    const other = others.find((shape) => shapeText(shape.slice(0, -1)) !== shapeText(outer));
    if (!other) return [...outer, inputs.reduce((sum, shape) => sum + shape.at(-1)!, 0)];
    const expected = shapeText(other.length === first!.length ? [...outer, other.at(-1)!] : first!);
    return refusal('unlike-sides', { first: shapeText(first!), expected, actual: shapeText(other) });
  },

  outputSteps(inputs) {
    const lengths = inputs.map((shape) => shape.at(-1)!);
    return [{ text: lengths.join(' + '), value: lengths.reduce((sum, length) => sum + length, 0) }];
  },

  forward(record, { xs, y }) {
    let at = 0;
    for (const x of xs) {
      record.place({ x, y, at });
      at += x.shape.at(-1)!;
    }
  },

  backward(record, { xs, dy, dxs }) {
    let at = 0;
    for (const [index, x] of xs.entries()) {
      const dx = dxs[index];
      if (dx) record.slice({ x: dy, y: dx, at, add: true });
      at += x.shape.at(-1)!;
    }
  }
});
