/**
 * What every layer makes of the first training example with the weights that a run would start from: the forward pass of a training step
 * on the reference backend. Nothing is left out by dropout; a batch norm sees the whole sample, anything else the first example alone.
 */
import { fillOf } from '../../backends/feed.ts';
import { reference } from '../../backends/reference/reference.ts';
import type { PreviewRequest, PreviewResult } from '../../contract/preview.ts';
import { resolveNetwork } from '../../graph/resolve-network.ts';
import { makePlan } from '../../plan/make-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { batchStatistics, sizeOf, tensorsOf, type Op, type Tensor } from '../../plan/program.ts';
import { initialParameters } from '../../train/initialize.ts';
import { reduced } from './reduced.ts';

export async function preview({ experiment, info, sample }: PreviewRequest): Promise<PreviewResult> {
  const { shape, classes, values: columns } = info;
  const data = { ...experiment.data, augment: [] };
  const facts = { shape, classes: classes.length, values: columns, examples: info.trainCount };
  const plan = makePlan({ ...experiment, data }, facts);
  const ops = forwardOps(plan);
  const together = batchStatistics(ops, new Set(plan.parameters.map(({ value }) => value.id))).length > 0;
  const count = together ? sample.count : 1;
  const inputs = inputsOf(plan, ops, sample.examples, { seed: experiment.seed, count });
  const used = new Map([...inputs.keys(), ...ops.flatMap(tensorsIn)].map((tensor) => [tensor.id, tensor]));
  const written = await reference.run({ batchSize: count, tensors: [...used.values()], ops }, inputs);
  const known = new Map([...inputs, ...written].map(([tensor, values]) => [tensor.name, values]));

  const found = new Map<string, ArrayLike<number>>();
  const layers = resolveNetwork(experiment.network, shape).layers.flatMap(({ id, from, definition, outputShape }) => {
    const values = known.get(`${id}.y`) ?? (definition.view ? found.get(from[0]!) : undefined);
    if (!values) return [];
    found.set(id, values);
    return [{ node: id, preview: reduced(values, outputShape) }];
  });
  return { layers };
}

/** Up to the last output of a layer: losses and gradients come behind. */
function forwardOps({ gradients, tensors }: Plan): readonly Op[] {
  const outputs = new Set(tensors.filter(({ name }) => name.endsWith('.y')).map(({ id }) => id));
  const last = gradients.findLastIndex((op) => tensorsOf(op).writes.some(({ id }) => outputs.has(id)));
  return gradients.slice(0, last + 1);
}

const tensorsIn = (op: Op): Tensor[] => {
  const { reads, writes } = tensorsOf(op);
  return [...reads, ...writes];
};

/** What these operations read from outside. */
function inputsOf(
  plan: Plan,
  ops: readonly Op[],
  examples: Float32Array,
  { seed, count }: { seed: number; count: number }
): Map<Tensor, ArrayLike<number>> {
  const read = new Set([plan.input, ...ops.flatMap(tensorsIn)].map(({ id }) => id));
  const inputs = new Map<Tensor, ArrayLike<number>>();
  const w = initialParameters(plan, seed);
  for (const { value, at, size } of plan.parameters)
    if (read.has(value.id)) inputs.set(value, w.subarray(at, at + size));
  for (const { tensor, values } of plan.constants) if (read.has(tensor.id)) inputs.set(tensor, values);
  const step = {
    rows: Int32Array.from({ length: count }, (_, i) => i),
    at: 0,
    count,
    step: 1,
    mode: 'training'
  } as const;
  const table = tableOf(examples, sizeOf(plan.inputShape));
  for (const { tensor, source } of plan.feeds) {
    if (!read.has(tensor.id)) continue;
    const size = sizeOf(tensor.shape);
    const values = new Float32Array(size * count);
    // A mask that keeps the mean share of everything undoes the scaling of what dropout keeps.
    if (source.kind === 'mask') values.fill(source.keep);
    else fillOf(source, size, plan, table)(values, 0, count, step);
    inputs.set(tensor, values);
  }
  return inputs;
}

/** Examples that are normalized already, and have no target. */
const tableOf = (examples: Float32Array, size: number) => ({
  examples,
  labels: new Uint8Array(),
  values: new Float32Array(),
  scale: new Float32Array(size).fill(1),
  shift: new Float32Array(size)
});
