import { formula, type Recorder } from '../plan/builder.ts';
import { sizeOf, type Shape, type Tensor } from '../plan/program.ts';

/**
 * Shortens the incoming weights of every unit (or filter) to a 2-norm of at most `limit`: w ← w · limit / max(‖w‖, limit).
 *
 * Of an embedding the vector of a word counts as one: a single row of the table comes in at a time, and its length is what is limited.
 *
 * Shapes: weights (…, O), one unit for each of the last axis, or (V, …), for each of the first; `scratch` makes tensors.
 * Source: Srivastava et al. 2014, Dropout, JMLR 15, section 5.1.
 */
export function limitNorms(
  record: Recorder,
  weights: readonly { readonly value: Tensor; readonly unit?: 'first' | 'last' }[],
  limit: number,
  scratch: (name: string, shape: Shape) => Tensor
): void {
  for (const { value: w, unit = 'last' } of weights) {
    const units = w.shape.at(unit === 'last' ? -1 : 0)!;
    const squares = scratch(`squares of ${w.name}`, [units]);
    const others = sizeOf(w.shape) / units;
    const grid =
      unit === 'last' ? { pixels: others, groups: 1, members: units } : { pixels: units, groups: 1, members: others };
    const axes = { squares: unit === 'last' ? 'k' : 'p' } as const;
    record.reduce(formula('squares = w^2'), { w, squares }, { grid, axes });
    record.map(
      formula('limited = w * (limit / max(sqrt(squares), limit))'),
      { w, squares, limited: w },
      { grid, axes, constants: { limit } }
    );
  }
}
