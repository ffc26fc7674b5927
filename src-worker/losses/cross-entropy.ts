import { number, numbers, type ConfigOf } from '../contract/fields.ts';
import { refusal, shapeText } from '../contract/refusal.ts';
import { term } from '../contract/words.ts';
import { formula, type Recorder } from '../plan/builder.ts';
import type { Axes } from '../plan/program.ts';
import { recordCorrectClass } from './first-largest.ts';
import { defineLoss, type LossContext, type LossTensors } from './loss.ts';

const config = {
  smoothing: number(0, 'Share of the target spread over all classes, ε', { min: 0, max: 1, exclusiveMax: true }),
  classWeights: numbers('How much each class counts; empty: all alike', { min: 0, max: 1e6 })
} as const;

const alike = [{ set: { classWeights: [] } }];

/**
 * Softmax cross-entropy on logits z, for one class k an example:
 *
 *   L = −Σ cⱼ qⱼ log softmax(z)ⱼ / Σ c_k      q = (1 − ε)·onehot(k) + ε/K
 *   dL/dzᵢ = (softmax(z)ᵢ · Σⱼ cⱼ qⱼ − cᵢ qᵢ) / Σ c_k
 *
 * The divisor is a sum over the batch: with class weights c the mean is the weighted one. Where it is 0 so are loss and gradient.
 *
 * Shapes: z (B, K), class (B).
 * Config: `smoothing` = ε; `classWeights` = c, one a class, or none: all 1.
 * Source: Goodfellow et al. 2016, Deep Learning, section 6.2.2.3; smoothing: Szegedy et al. 2016, Rethinking the Inception
 * Architecture, arXiv:1512.00567, section 7.
 */
export const crossEntropy = defineLoss({
  kind: 'cross-entropy',
  help: 'Softmax over the outputs, then −log of the right class',
  config,
  yes: 0,

  refuses(output, target, { classWeights }) {
    if (target.kind !== 'class')
      return refusal('loss-needs-class', { expected: term('class'), actual: term('columns') }, [
        { instead: { kind: target.isYesOrNo ? 'binary-cross-entropy' : 'mse' } },
        { instead: { kind: target.isYesOrNo ? 'mse' : 'huber' } }
      ]);
    const { classes } = target;
    if (output.length !== 1 || output[0] !== classes)
      return refusal('classes-unlike-outputs', { expected: classes, actual: shapeText(output) });
    if (classWeights.length > 0 && classWeights.length !== classes)
      return refusal('class-weights', { count: classWeights.length, classes }, alike);
    if (classWeights.length > 0 && classWeights.every((weight) => weight === 0))
      return refusal('class-weights-zero', {}, alike);
    return null;
  },

  record(record, tensors, settings, context) {
    const { z, weight, loss, dz } = tensors;
    const isPlain = settings.smoothing === 0 && settings.classWeights.length === 0;
    if (!isPlain || context.isMixed || context.isShared || context.share !== 1)
      return recordSoft(record, tensors, settings, context);
    const labels = context.feed({ kind: 'label' });
    record.softmaxCrossEntropy({ logits: z, labels, weight, loss, correct: context.measure('correct'), dlogits: dz });
  }
});

/** With targets q that may be spread over the classes. `top` is the largest logit, `sum` that of the exponentials above it. */
function recordSoft(
  record: Recorder,
  { z, weight, loss, dz }: LossTensors,
  { smoothing, classWeights }: ConfigOf<typeof config>,
  context: LossContext
): void {
  const classes = z.shape[0]!;
  const [top, sum] = [context.scratch('top', []), context.scratch('sum', [])];
  const t = context.feed({ kind: 'one-hot' });
  const grid = { pixels: 1, groups: 1, members: classes };
  const row: Axes = '';
  const axes = { top: row, sum: row, weight: row, loss: row, total: row, c: 'k' } as const;
  const options = { grid, axes, constants: { smoothing, classes, share: context.share } };
  record.reduce(formula('top = z'), { z, top }, { ...options, kind: 'max' });
  record.reduce(formula('sum = exp(z - top)'), { z, top, sum }, options);
  recordCorrectClass(record, { z, t, top }, context);

  const target = 'q = t * (1 - smoothing) + smoothing / classes';
  const surprise = 'log(sum) + top - z';
  if (classWeights.length === 0) {
    record.reduce(formula(`${target}\n loss = q * (${surprise})`), { z, t, top, sum, loss }, options);
    if (dz)
      record.map(
        formula(`${target}\n dz = (exp(z - top) / sum - q) * (weight * share)`),
        { z, t, top, sum, weight, dz },
        { ...options, add: true }
      );
    return;
  }
  const c = context.constant('class weights', classWeights);
  const mass = context.measure('mass');
  const whole = { ...options, axes: { ...axes, mass: row, spread: row } };
  record.reduce(formula('mass = c * t'), { c, t, mass }, whole);
  record.reduce(formula(`${target}\n loss = c * q * (${surprise})`), { z, t, c, top, sum, loss }, whole);
  if (!dz) return;
  const spread = context.scratch('spread', []);
  const total = context.scratch('total', [1], { perExample: false });
  record.reduce(formula(`${target}\n spread = c * q`), { t, c, spread }, whole);
  record.reduce(formula('total = mass * step(weight)'), { mass, weight, total }, { grid: one, axes: { total: row } });
  record.map(
    formula(
      `${target}\n dz = (exp(z - top) / sum * spread - c * q) * (step(weight) * step(total) * share / max(total, 1e-30))`
    ),
    { z, t, c, top, sum, spread, weight, total, dz },
    { ...whole, add: true }
  );
}

const one = { pixels: 1, groups: 1, members: 1 };
