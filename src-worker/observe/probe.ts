import type { ExampleTable } from '../backends/backend.ts';
import { fillOf } from '../backends/feed.ts';
import { randomStream } from '../data/random.ts';
import type { Plan } from '../plan/plan.ts';
import { sizeOf, type Tensor } from '../plan/program.ts';

const MOST_EXAMPLES = 64;

/** The training rows that are looked at all through a run: drawn once, the same for the same seed and rows. */
export function probeRows(train: Int32Array, seed: number): Int32Array {
  const rows = Int32Array.from(train);
  randomStream(seed, 'observe').shuffle(rows);
  return rows.slice(0, MOST_EXAMPLES);
}

/**
 * Everything that a training step of these rows reads besides the parameters, without its chance: examples are not changed or mixed, and
 * dropout leaves nothing out.
 */
export function probeInputs(plan: Plan, table: ExampleTable, rows: Int32Array): Map<Tensor, ArrayLike<number>> {
  const count = rows.length;
  const inputs = new Map<Tensor, ArrayLike<number>>();
  for (const { tensor, values } of plan.constants) inputs.set(tensor, values);
  for (const { tensor, source } of plan.feeds) {
    const size = sizeOf(tensor.shape);
    const values = new (tensor.type === 'i32' ? Int32Array : Float32Array)(size * count);
    // A mask that keeps the mean share of everything undoes the scaling of what dropout keeps.
    if (source.kind === 'mask') values.fill(source.keep);
    else fillOf(source, size, plan, table)(values, 0, count, { rows, at: 0, count, step: 0, mode: 'evaluation' });
    inputs.set(tensor, values);
  }
  return inputs;
}
