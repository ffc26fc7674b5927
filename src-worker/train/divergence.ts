/**
 * Where the numbers of a run first went wrong: the step that broke is computed once more, slowly, with the weights from before it.
 */
import type { FeedStep } from '../backends/feed.ts';
import type { ExampleTable } from '../backends/backend.ts';
import { reference } from '../backends/reference/reference.ts';
import type { Divergence } from '../contract/run.ts';
import type { Plan } from '../plan/plan.ts';
import { tensorsOf, type Op, type Tensor } from '../plan/program.ts';
import { planInputs } from './plan-inputs.ts';

/** Multiply-adds that the reference backend does in some seconds; beyond, only the parameters are looked at. */
export const MOST_WORK = 3e8;

type Found = Pick<Divergence, 'node' | 'what' | 'tensor'>;

const unknown: Found = { node: null, what: null, tensor: null };

/**
 * The first parameter, in the order of the layers, that is not finite; else the first output of a layer, else the loss.
 * `w`: the arena of the parameters. In float32, as all backends compute; one that rounds otherwise may have broken where this does not.
 */
export async function findDivergence(plan: Plan, table: ExampleTable, w: Float32Array, step: FeedStep): Promise<Found> {
  const parameter = plan.parameters.find(({ at, size }) => !isFinite(w.subarray(at, at + size)));
  if (parameter) return { node: parameter.node, what: 'parameter', tensor: parameter.name };
  if (plan.multiplyAdds * step.count > MOST_WORK) return unknown;
  const { ops, layersEnd } = forwardOps(plan, step.mode);
  const results = await reference.run(
    { batchSize: step.count, tensors: plan.tensors, ops },
    planInputs(plan, table, w, step)
  );
  const values = new Map([...results].map(([tensor, data]) => [tensor.id, data]));
  for (const [index, op] of ops.entries())
    for (const { id, name } of tensorsOf(op).writes)
      if (!isFinite(values.get(id)!))
        return { node: name.split('.')[0]!, what: index < layersEnd ? 'output' : 'loss', tensor: name };
  return unknown;
}

/** The operations up to the losses, and how many of them belong to layers. */
function forwardOps({ gradients, evaluation, heads, measures }: Plan, mode: FeedStep['mode']) {
  const all = mode === 'training' ? gradients : evaluation;
  const lastWriting = (tensors: readonly Tensor[]) => {
    const ids = new Set(tensors.map(({ id }) => id));
    return all.findLastIndex((op: Op) => tensorsOf(op).writes.some(({ id }) => ids.has(id)));
  };
  return {
    ops: all.slice(0, lastWriting(measures) + 1),
    layersEnd: lastWriting(heads.map(({ output }) => output)) + 1
  };
}

const isFinite = (values: ArrayLike<number>): boolean => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
};
