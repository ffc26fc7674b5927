/** The loss of a plan and its gradients at one point: given parameters, given examples, nothing updated. */
import type { Backend, ExampleTable } from '../backends/backend.ts';
import { sumOf } from '../backends/sums.ts';
import type { Parameter, Plan } from '../plan/plan.ts';
import { tensorsOf, type Op, type Tensor } from '../plan/program.ts';
import { metricsOf } from '../train/measures.ts';
import { planInputs } from '../train/plan-inputs.ts';

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
  const step = { rows, at: 0, count: batchSize, step: 1, mode: 'training' } as const;
  const inputs = planInputs(plan, table, Float64Array.from(arena), step);
  const run = (ops: readonly Op[]) => backend.run({ batchSize, tensors: plan.tensors, ops }, inputs);
  const forward = needed(plan.gradients, plan.measures);
  return {
    values: ({ value }) => inputs.get(value) as Float64Array,
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
