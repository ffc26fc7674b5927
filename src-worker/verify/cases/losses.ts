/** Losses by their definitions, as the heads of a plan write them: on the input itself, which stands for the output of a network. */
import { fillOf, type FeedValues } from '../../backends/feed.ts';
import type { ExampleTable } from '../../backends/backend.ts';
import { sumOf } from '../../backends/sums.ts';
import { experimentSchema } from '../../contract/experiment.ts';
import { schemaOf, type ConfigOf, type Fields, type Kinded } from '../../contract/fields.ts';
import { resolveNetwork } from '../../graph/resolve-network.ts';
import { losses } from '../../losses/table.ts';
import { targetOf, type TargetData } from '../../losses/target.ts';
import { ProgramBuilder } from '../../plan/builder.ts';
import { Feeds } from '../../plan/feeds.ts';
import { PlannedHeads } from '../../plan/heads.ts';
import { placeLayers } from '../../plan/planned-layers.ts';
import { sizeOf, type Op, type Tensor } from '../../plan/program.ts';
import { metricsOf } from '../../train/measures.ts';
import { batchOf, input, Unsupported, type Answer, type Runner, type Surroundings } from './case.ts';
import type { GoldenCase } from '../golden.ts';

export const softmaxCrossEntropy: Runner = (one, on) => {
  const { params, inputs } = one;
  const by = params['normalize_by'] ?? 'sum of weights';
  if (by !== 'sum of weights')
    throw new Unsupported(`a loss weighted by class is divided by the sum of weights, not by ${by}`);
  const loss = {
    kind: 'cross-entropy',
    smoothing: params['label_smoothing'] ?? 0,
    classWeights: Array.from(inputs['class_weights']?.data ?? [])
  };
  return judge(one, on, { loss, output: 'logits', labels: input(one, 'labels').data });
};

/** Targets that are shares of several classes, as mixed examples have them. */
export const softCrossEntropy: Runner = (one, on) =>
  judge(one, on, { loss: { kind: 'cross-entropy' }, output: 'logits', shares: input(one, 'targets').data });

/** A label that is missing is NaN in our tables, whatever stands there in the case. */
export const binaryCrossEntropy: Runner = (one, on) => {
  const { mask, pos_weight: weights } = one.inputs;
  const values = Float32Array.from(input(one, 'targets').data, (value, at) => (mask?.data[at] === 0 ? NaN : value));
  const loss = { kind: 'binary-cross-entropy', positiveWeights: Array.from(weights?.data ?? []) };
  return judge(one, on, { loss, output: 'logits', values, column: 'binary' });
};

export const difference =
  (kind: 'mse' | 'mae' | 'huber'): Runner =>
  (one, on) => {
    const loss = { kind, ...(kind === 'huber' && { delta: one.params['delta'] ?? 1 }) };
    const output = 'pred' in one.inputs ? 'pred' : 'x';
    const values = Float32Array.from(input(one, 'target').data);
    return judge(one, on, { loss, output, values, column: 'number' });
  };

interface Judged {
  readonly loss: Kinded;
  /** Name of the input that is judged; its gradient is `d` and this name. */
  readonly output: string;
  readonly labels?: ArrayLike<number>;
  readonly shares?: ArrayLike<number>;
  readonly values?: Float32Array;
  readonly column?: 'number' | 'binary';
}

/** The mean loss over all rows and its gradient. */
async function judge(one: GoldenCase, on: Surroundings, judged: Judged): Promise<Answer> {
  const z = input(one, judged.output);
  const { batchSize, example } = batchOf(z);
  const width = sizeOf(example);
  const data: TargetData = judged.values
    ? { classes: 0, values: Array.from({ length: width }, (_, at) => ({ name: `v${at}`, kind: judged.column! })) }
    : { classes: width, values: [] };
  const { builder, feeds, heads, ops, output } = record(judged, width, data);
  const table: ExampleTable = {
    examples: Float32Array.from(z.data),
    labels: Uint8Array.from(Array.from(judged.labels ?? [])),
    values: judged.values ?? new Float32Array(),
    scale: new Float32Array(width).fill(1),
    shift: new Float32Array(width)
  };
  const step = { rows: Int32Array.from({ length: batchSize }, (_, b) => b), at: 0, count: batchSize, step: 1 } as const;
  const given = new Map<Tensor, ArrayLike<number>>(heads.constants.map(({ tensor, values }) => [tensor, values]));
  for (const { tensor, source } of feeds.all) {
    const values: FeedValues = new (tensor.type === 'i32' ? Int32Array : Float32Array)(
      sizeOf(tensor.shape) * batchSize
    );
    const plan = { seed: 0, batchSize, inputShape: [width], valueColumns: data.values.length, augment: [] };
    if (source.kind === 'one-hot' && judged.shares) values.set(judged.shares);
    else fillOf(source, sizeOf(tensor.shape), plan, table)(values, 0, batchSize, { ...step, mode: 'training' });
    given.set(tensor, values);
  }
  const results = await on.backend.run({ batchSize, tensors: builder.tensors, ops }, given);
  const plan = { heads: heads.heads };
  const sums = heads.measures.map((measure) => sumOf(results.get(measure)!, batchSize));
  return {
    outputs: {
      loss: [metricsOf(plan, sums, batchSize).loss ?? NaN],
      [`d${judged.output}`]: results.get(output.dy!)!
    }
  };
}

function record({ loss, shares }: Judged, width: number, data: TargetData) {
  const definition = losses[loss.kind]!;
  const settings = schemaOf(loss.kind, definition.config).parse(loss);
  const target = targetOf(null, data);
  const refusal =
    'why' in target ? target : definition.refuses([width], target, settings as unknown as ConfigOf<Fields>);
  if (refusal) throw new Error(`The loss ${loss.kind} refuses: ${refusal.why}`);
  const network = { nodes: [{ id: 'x', kind: 'input' }], edges: [] };
  const experiment = experimentSchema.parse({
    version: 1,
    name: 'loss',
    data: { dataset: 'given', augment: shares ? [{ kind: 'mixup' }] : [] },
    network,
    training: { loss: settings }
  });
  const builder = new ProgramBuilder();
  const feeds = new Feeds(builder, { shape: [width], classes: data.classes });
  const planned = placeLayers(builder, feeds, resolveNetwork(network, [width]).layers, { inputGradient: true });
  const weight = feeds.tensor({ kind: 'weight' });
  const heads = new PlannedHeads({ builder, feeds, weight, experiment, data }, planned);
  const ops: Op[] = [];
  heads.record(builder.record(ops), 'training');
  return { builder, feeds, heads, ops, output: planned.get('x')! };
}
