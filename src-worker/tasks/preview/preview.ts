/**
 * What every layer makes of the first training example with the weights that a run would start from: the forward pass of a training step
 * on the reference backend. Nothing is left out by dropout; a batch norm sees the whole sample, anything else the first example alone.
 */
import { fillOf } from '../../backends/feed.ts';
import { reference } from '../../backends/reference/reference.ts';
import type { PreviewRequest, PreviewResult } from '../../contract/preview.ts';
import { resolveNetwork } from '../../graph/resolve-network.ts';
import { makeForwardPlan, type ForwardPlan } from '../../plan/forward-plan.ts';
import { batchStatistics, sizeOf, tensorsOf, type Op, type Tensor } from '../../plan/program.ts';
import { checkWordNumbers } from '../../train/check-word-numbers.ts';
import { drawParameter } from '../../train/initialize.ts';
import { reduced } from './reduced.ts';

/** Throws: `invalid_experiment` where the example is not what a layer reads; `out_of_memory`. */
export async function preview({ seed, network, info, sample }: PreviewRequest): Promise<PreviewResult> {
  if (sample.count === 0) return { layers: [] };
  const { layers } = resolveNetwork(network, info.shape);
  const table = tableOf(sample.examples, sizeOf(info.shape));
  const rows = Int32Array.from({ length: sample.count }, (_, i) => i);
  checkWordNumbers(network, table, { train: rows, dev: new Int32Array(), test: new Int32Array() });

  const plan = makeForwardPlan(layers, info.shape);
  const { ops, parameters, outputs } = plan;
  const together = batchStatistics(ops, new Set(parameters.map(({ value }) => value.id))).length > 0;
  const count = together ? sample.count : 1;
  const inputs = inputsOf(plan, { table, rows, count, seed, shape: info.shape });
  const used = new Map([...inputs.keys(), ...ops.flatMap(tensorsIn)].map((tensor) => [tensor.id, tensor]));
  const written = await reference.run({ batchSize: count, tensors: [...used.values()], ops }, inputs);
  const known = new Map([...inputs, ...written].map(([tensor, values]) => [tensor.id, values]));
  return {
    layers: layers.map(({ id, outputShape }) => ({
      node: id,
      preview: reduced(known.get(outputs.get(id)!.id)!, outputShape)
    }))
  };
}

const tensorsIn = (op: Op): Tensor[] => {
  const { reads, writes } = tensorsOf(op);
  return [...reads, ...writes];
};

interface Step {
  readonly table: ReturnType<typeof tableOf>;
  readonly rows: Int32Array;
  readonly count: number;
  readonly seed: number;
  readonly shape: readonly number[];
}

/** What comes from outside: first weights, examples, and what a step brings. */
function inputsOf(
  { parameters, feeds }: ForwardPlan,
  { table, rows, count, seed, shape }: Step
): Map<Tensor, ArrayLike<number>> {
  const inputs = new Map<Tensor, ArrayLike<number>>();
  for (const parameter of parameters) {
    const values = new Float32Array(parameter.size);
    drawParameter(values, parameter, seed);
    inputs.set(parameter.value, values);
  }
  const plan = { seed, batchSize: count, inputShape: shape, valueColumns: 0, augment: [] };
  const step = { rows, at: 0, count, step: 1, mode: 'training' } as const;
  for (const { tensor, source } of feeds) {
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
