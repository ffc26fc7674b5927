/** The loss of a plan and its gradients at one point: given parameters, given examples, nothing updated. */
import type { Backend, ExampleTable } from '../backends/backend.ts';
import { fillOf } from '../backends/feed.ts';
import { sumOf } from '../backends/sums.ts';
import type { Parameter, Plan } from '../plan/plan.ts';
import { sizeOf, tensorsOf, type Op, type Tensor } from '../plan/program.ts';
import { metricsOf } from '../train/measures.ts';

export interface PointOptions {
  readonly plan: Plan;
  readonly table: ExampleTable;
  /** Rows of the table that make up the mini-batch, any number of them. */
  readonly rows: Int32Array;
  /** The parameters; layout: `Plan.arena`. */
  readonly arena: ArrayLike<number>;
}

export interface Point {
  /** The parameter's own values: what is written here is what the next call sees. */
  values(parameter: Parameter): Float64Array;
  /** The mean loss in training mode: batch statistics of these examples, masks as in the first step, always the same. */
  loss(): Promise<number>;
  gradients(): Promise<(parameter: Parameter) => Float32Array | Float64Array>;
}

export function pointOf(backend: Backend, { plan, table, rows, arena }: PointOptions): Point {
  const batchSize = rows.length;
  const inputs = new Map<Tensor, Float64Array | Int32Array>();
  const step = { rows, at: 0, count: batchSize, step: 1, mode: 'training' } as const;
  for (const { tensor, source } of plan.feeds) {
    const size = sizeOf(tensor.shape);
    const values = new (tensor.type === 'i32' ? Int32Array : Float64Array)(size * batchSize);
    fillOf(source, size, plan, table)(values, 0, batchSize, step);
    inputs.set(tensor, values);
  }
  for (const { tensor, values } of plan.constants) inputs.set(tensor, Float64Array.from(values));
  const own = new Map<string, Float64Array>();
  for (const { name, value, at, size } of plan.parameters) {
    const values = Float64Array.from({ length: size }, (_, i) => arena[at + i]!);
    own.set(name, values);
    inputs.set(value, values);
  }
  const run = (ops: readonly Op[]) => backend.run({ batchSize, tensors: plan.tensors, ops }, inputs);
  const forward = needed(plan.gradients, plan.measures);
  return {
    values: ({ name }) => own.get(name)!,
    async loss() {
      const results = await run(forward);
      const sums = plan.measures.map((measure) => sumOf(results.get(measure)!, batchSize));
      return metricsOf(plan, sums, batchSize).loss ?? NaN;
    },
    async gradients() {
      const results = await run(plan.gradients);
      return ({ gradient }) => results.get(gradient)!;
    }
  };
}

/** The gradients alone. */
export const gradientsAt = (backend: Backend, options: PointOptions) => pointOf(backend, options).gradients();

/** The operations that `wanted` depend on, in their order. */
function needed(ops: readonly Op[], wanted: readonly Tensor[]): Op[] {
  const ids = new Set(wanted.map(({ id }) => id));
  return ops
    .toReversed()
    .filter((op) => {
      const { reads, writes } = tensorsOf(op);
      if (!writes.some(({ id }) => ids.has(id))) return false;
      for (const { id } of reads) ids.add(id);
      return true;
    })
    .toReversed();
}
