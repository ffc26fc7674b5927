import { formula, type Recorder } from '../plan/builder.ts';
import { sizeOf, type Shape, type Tensor } from '../plan/program.ts';

/**
 * Shortens the incoming weights of every unit (or filter) to a 2-norm of at most `limit`: w ← w · limit / max(‖w‖, limit).
 *
 * Shapes: weights (…, O), one unit for each of the last axis; `scratch` makes tensors.
 * Source: Srivastava et al. 2014, Dropout, JMLR 15, section 5.1.
 */
export function limitNorms(
  record: Recorder,
  weights: readonly Tensor[],
  limit: number,
  scratch: (name: string, shape: Shape) => Tensor
): void {
  for (const w of weights) {
    const units = w.shape.at(-1)!;
    const squares = scratch(`squares of ${w.name}`, [units]);
    const grid = { pixels: sizeOf(w.shape) / units, groups: 1, members: units };
    const axes = { squares: 'k' } as const;
    record.reduce(formula('squares = w^2'), { w, squares }, { grid, axes });
    record.map(
      formula('limited = w * (limit / max(sqrt(squares), limit))'),
      { w, squares, limited: w },
      { grid, axes, constants: { limit } }
    );
  }
}
