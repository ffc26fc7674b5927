import { refusal, shapeText } from '../contract/refusal.ts';
import { formula } from '../plan/builder.ts';
import { defineLayer } from './layer.ts';

const sum = formula('y = a + b');
const copy = formula('y = x');

/**
 * The sum of its inputs, element by element: where a shortcut around some layers joins the main path, the network learns only the
 * difference (residual) that they make.
 *
 * Shapes: every x and y alike.
 * Source: He, Zhang, Ren & Sun 2016, Deep Residual Learning for Image Recognition, arXiv:1512.03385, eq. 1.
 */
export const add = defineLayer({
  kind: 'add',
  group: 'merge',
  help: 'The sum of its inputs, as where a shortcut joins the main path',
  config: {},
  formula: 'y = x_1 + x_2 + \\dots',
  inputs: { min: 2, max: 16 },

  outputShape([first, ...others]) {
    const other = others.find((shape) => shapeText(shape) !== shapeText(first!));
    if (!other) return first!;
    const code = first!.length === 3 && other.length === 3 ? 'unlike-shapes' : 'unlike-rows';
    return refusal(code, { expected: shapeText(first!), actual: shapeText(other) }, [{ instead: { kind: 'concat' } }]);
  },

  forward(record, { xs: [a, b, ...more], y }) {
    record.map(sum, { a: a!, b: b!, y });
    for (const x of more) record.map(copy, { x, y }, { add: true });
  },

  backward(record, { dy, dxs }) {
    for (const dx of dxs) if (dx) record.map(copy, { x: dy, y: dx }, { add: true });
  }
});
