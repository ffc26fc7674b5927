import { formula, type Recorder } from '../plan/builder.ts';
import type { Tensor } from '../plan/program.ts';
import type { LossContext } from './loss.ts';

/**
 * Right answers among classes: 1 where the largest output, the first of equals, stands at the right class, else 0. Of an example that is
 * mixed the class with the larger share is right, and each of two with equal shares.
 *
 * The classes are numbered K, K − 1, …, 1, so that the first of the largest is the one with the largest number.
 *
 * Shapes: z, the shares of the classes t (B, K), the largest output `top` (B), which must be there already.
 */
export function recordCorrectClass(
  record: Recorder,
  { z, t, top }: { readonly z: Tensor; readonly t: Tensor; readonly top: Tensor },
  context: LossContext
): void {
  const classes = z.shape[0]!;
  const order = context.constant(
    'order of classes',
    Array.from({ length: classes }, (_, k) => classes - k)
  );
  const [first, correct] = [context.scratch('first', []), context.measure('correct')];
  const grid = { pixels: 1, groups: 1, members: classes };
  const axes = { top: '', order: 'k', first: '', correct: '' } as const;
  record.reduce(formula('first = order * (1 - step(top - z))'), { z, top, order, first }, { grid, axes, kind: 'max' });
  record.reduce(
    formula('correct = (1 - step(0.5 - t)) * (1 - step(abs(order - first)))'),
    { t, order, first, correct },
    { grid, axes }
  );
}
