/** Losses that compare every output with a number of its own and take the mean: what they share. */
import type { ConfigOf, Fields } from '../contract/fields.ts';
import { refusal, shapeText, type Refusal } from '../contract/refusal.ts';
import { formula, type Recorder } from '../plan/builder.ts';
import type { Target } from '../plan/plan.ts';
import type { Axes, Grid, Shape, Tensor } from '../plan/program.ts';
import { sizeOf } from '../plan/program.ts';
import { recordCorrectClass } from './first-largest.ts';
import { defineLoss, type LossContext, type LossDefinition, type LossTensors } from './loss.ts';

export interface ElementwiseLoss<F extends Fields> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  /** Formulas of z, the target t and the settings: `l`, the loss of one output, and `g`, its gradient. */
  readonly loss: string;
  readonly gradient: string;
  /** An output above this says yes. */
  readonly yes: number;
  /** Per-column tensors that the formulas may use, by name. */
  columns?(config: ConfigOf<F>, width: number): Readonly<Record<string, readonly number[]>>;
  /** More reasons to refuse. */
  refuses?(output: { width: number; target: Target }, config: ConfigOf<F>): Refusal | null;
}

/**
 * The mean of l over the outputs of an example and over the batch; where labels may be missing, over those that are known.
 *
 * A class counts as numbers: 1 at the output of the right class, or, of two classes with a single output, the number of the class.
 */
export const defineElementwise = <const F extends Fields>(rule: ElementwiseLoss<F>): LossDefinition =>
  defineLoss<F>({
    kind: rule.kind,
    help: rule.help,
    config: rule.config,
    yes: rule.yes,
    refuses: (output, target, config) =>
      refuseWidth(output, target) ?? rule.refuses?.({ width: sizeOf(output), target }, config) ?? null,
    record: (record, tensors, config, context) => recordElementwise(rule, record, tensors, config, context)
  });

function refuseWidth(output: Shape, target: Target): Refusal | null {
  const width = target.kind === 'class' ? target.classes : target.columns.length;
  const isYesOrNo = target.kind === 'class' && target.classes === 2 && output[0] === 1;
  if (output.length === 1 && (output[0] === width || isYesOrNo)) return null;
  const code = target.kind === 'class' ? 'outputs-unlike-classes' : 'outputs-unlike-values';
  return refusal(code, { expected: width, actual: shapeText(output) });
}

function recordElementwise<F extends Fields>(
  rule: ElementwiseLoss<F>,
  record: Recorder,
  { z, weight, loss, dz }: LossTensors,
  config: ConfigOf<F>,
  context: LossContext
): void {
  const width = sizeOf(z.shape);
  const { t, present } = feedsOf(context, width);
  const grid: Grid = { pixels: 1, groups: 1, members: width };
  const columns = Object.fromEntries(
    Object.entries(rule.columns?.(config, width) ?? {}).map(([name, values]) => [name, context.constant(name, values)])
  );
  const own = Object.fromEntries(Object.keys(columns).map((name) => [name, 'k' as Axes]));
  const axes: Record<string, Axes> = { ...own, loss: '', weight: '', mass: '', total: '', correct: '', judged: '' };
  const constants = { ...(config as unknown as Record<string, number>), width, share: context.share };
  const options = { grid, axes, constants };
  const gradientOptions = { ...options, add: true };
  const known = present ? { present } : {};
  const tensors = { z, t, ...columns, ...known };
  recordAnswers(rule.yes, record, { z, t, present }, options, context);
  if (!present) {
    record.reduce(formula(`${rule.loss}\n loss = l / width`), { ...tensors, loss }, options);
    if (dz)
      record.map(
        formula(`${rule.gradient}\n dz = g * (weight * share / width)`),
        { ...tensors, weight, dz },
        gradientOptions
      );
    return;
  }
  const mass = context.measure('mass');
  record.reduce(formula(`${rule.loss}\n loss = l * present`), { ...tensors, loss }, options);
  record.reduce(formula('mass = present'), { present, mass }, options);
  if (!dz) return;
  const total = context.scratch('total', [1], { perExample: false });
  record.reduce(formula('total = present * step(weight)'), { present, weight, total }, options);
  record.map(
    formula(`${rule.gradient}\n dz = g * present * (step(weight) * share / max(total, 1))`),
    { ...tensors, weight, total, dz },
    gradientOptions
  );
}

/** The target as numbers beside z, and which of them are known where some may not be. */
function feedsOf({ target, feed }: LossContext, width: number): { t: Tensor; present: Tensor | null } {
  if (target.kind === 'values')
    return {
      t: feed({ kind: 'values', columns: target.columns }),
      present: target.mayMiss ? feed({ kind: 'present', columns: target.columns }) : null
    };
  return { t: feed({ kind: width === 1 ? 'label-value' : 'one-hot' }), present: null };
}

/** Right answers: the largest output at the right class, or every yes or no by itself; quantities are neither right nor wrong. */
function recordAnswers(
  yes: number,
  record: Recorder,
  { z, t, present }: { z: Tensor; t: Tensor; present: Tensor | null },
  options: { grid: Grid; axes: Record<string, Axes>; constants: Record<string, number> },
  context: LossContext
): void {
  const { target } = context;
  const width = options.grid.members;
  const isClass = target.kind === 'class' && width > 1;
  if (isClass) {
    const top = context.scratch('top', []);
    record.reduce(formula('top = z'), { z, top }, { grid: options.grid, axes: { top: '' }, kind: 'max' });
    recordCorrectClass(record, { z, t, top }, context);
    return;
  }
  if (target.kind === 'values' && !target.isYesOrNo) return;
  const correct = context.measure('correct');
  const right = '1 - abs(step(z - yes) - step(t - 0.5))';
  const constants = { ...options.constants, yes };
  if (!present) {
    record.reduce(formula(`correct = (${right}) / width`), { z, t, correct }, { ...options, constants });
    return;
  }
  const judged = context.measure('judged');
  record.reduce(formula(`correct = (${right}) * present`), { z, t, present, correct }, { ...options, constants });
  record.reduce(formula('judged = present'), { present, judged }, options);
}
