import type { ExampleTable } from '../backends/backend.ts';
import { fillOf, type FeedStep } from '../backends/feed.ts';
import type { Plan } from '../plan/plan.ts';
import { sizeOf, type Tensor } from '../plan/program.ts';

/** Everything that a program of the plan reads and does not write, for `Backend.run`. `w`: the arena of the parameters, whose precision all has. */
export function planInputs(
  plan: Plan,
  table: ExampleTable,
  w: Float32Array | Float64Array,
  step: FeedStep
): Map<Tensor, ArrayLike<number>> {
  const make = w instanceof Float64Array ? Float64Array : Float32Array;
  const inputs = new Map<Tensor, ArrayLike<number>>();
  for (const { value, at, size } of plan.parameters) inputs.set(value, w.subarray(at, at + size));
  for (const { tensor, values } of plan.constants) inputs.set(tensor, values);
  for (const { tensor, source } of plan.feeds) {
    const size = sizeOf(tensor.shape);
    const values = new (tensor.type === 'i32' ? Int32Array : make)(size * step.count);
    fillOf(source, size, plan, table)(values, 0, step.count, step);
    inputs.set(tensor, values);
  }
  return inputs;
}
