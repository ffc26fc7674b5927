import { refusal, shapeText, type Refusal } from '../contract/refusal.ts';
import { formula, type Recorder } from '../plan/builder.ts';
import type { Shape, Tensor } from '../plan/program.ts';
import { channelsOf } from './channels.ts';
import { defineLayer, oneInput, type Forward, type KeptRule, type LayerDefinition } from './layer.ts';

type Kept = Record<'top' | 'sum' | 'along', Tensor>;

interface SoftmaxRule {
  readonly kind: string;
  readonly help: string;
  readonly formula: string;
  /** `y = …` of x, the largest value `top` of its row, and the `sum` of the exponentials above that. */
  readonly forward: string;
  /** What backward sums over a row. */
  readonly along: string;
  /** `dx = …` of dy, y and that sum. */
  readonly backward: string;
}

/** Over the last axis: the values of a row, the channels of every pixel. The largest value is taken off first, so that no exponential overflows. */
const defineSoftmax = (rule: SoftmaxRule): LayerDefinition =>
  defineLayer({
    kind: rule.kind,
    group: 'activation',
    help: rule.help,
    config: {},
    formula: rule.formula,
    inputs: oneInput,
    outputShape: ([x]) => (x!.at(-1)! > 1 ? x! : alone(x!)),
    keeps([x]): Record<keyof Kept, KeptRule> {
      const one = { shape: [channelsOf(x!).pixels] };
      return { top: one, sum: one, along: one };
    },

    forward(record, tensors) {
      const { x, y, kept } = tensors;
      const { top, sum } = kept as Kept;
      recordSum(record, tensors);
      record.map(formula(rule.forward), { x, top, sum, y }, optionsOf(x.shape));
    },

    backward(record, { y, dy, dx, kept }) {
      if (!dx) return;
      const { along } = kept as Kept;
      record.reduce(formula(`along = ${rule.along}`), { y, dy, along }, optionsOf(y.shape));
      record.map(formula(rule.backward), { y, dy, along, dx }, { ...optionsOf(y.shape), add: true });
    }
  });

const alone = (x: Shape): Refusal =>
  refusal('softmax-of-one', { expected: shapeText([...x.slice(0, -1), 2]), actual: shapeText(x) }, [
    { instead: { kind: 'sigmoid' } }
  ]);

const optionsOf = (x: Shape) => ({ grid: channelsOf(x), axes: { top: 'p', sum: 'p', along: 'p' } as const });

function recordSum(record: Recorder, { x, kept }: Forward): void {
  const { top, sum } = kept as Kept;
  record.reduce(formula('top = x'), { x, top }, { ...optionsOf(x.shape), kind: 'max' });
  record.reduce(formula('sum = exp(x - top)'), { x, top, sum }, optionsOf(x.shape));
}

/**
 * Softmax: positive shares that add up to 1.
 *
 *   yᵢ = e^xᵢ / Σⱼ e^xⱼ      dx = y·(dy − Σⱼ dyⱼ·yⱼ)
 *
 * Shapes: x, y (B, …, C); over the last axis.
 * Source: Goodfellow et al. 2016, Deep Learning, eq. 6.29.
 */
export const softmax = defineSoftmax({
  kind: 'softmax',
  help: 'Shares between 0 and 1 that add up to 1',
  formula: 'y_i = \\dfrac{e^{x_i}}{\\sum_j e^{x_j}}',
  forward: 'y = exp(x - top) / sum',
  along: 'dy * y',
  backward: 'dx = y * (dy - along)'
});

/**
 * The logarithm of softmax, without the detour over shares that may round to 0.
 *
 *   yᵢ = xᵢ − log Σⱼ e^xⱼ      dx = dy − e^y·Σⱼ dyⱼ
 *
 * Shapes: x, y (B, …, C); over the last axis.
 * Source: Goodfellow et al. 2016, Deep Learning, eq. 6.30.
 */
export const logSoftmax = defineSoftmax({
  kind: 'log-softmax',
  help: 'The logarithm of softmax',
  formula: 'y_i = x_i - \\ln \\sum_j e^{x_j}',
  forward: 'y = x - top - log(sum)',
  along: 'dy',
  backward: 'dx = dy - exp(y) * along'
});
