/** Losses by their definitions, as the heads of a plan write them: on the input itself, which stands for the output of a network. */
import { fillOf } from '../../backends/feed.ts';
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
import { batchOf, input, param, Unsupported, type Answer, type Runner, type Surroundings } from './case.ts';
import type { FeedSource } from '../../plan/plan.ts';
import type { GoldenCase, GoldenTensor } from '../golden.ts';
import { asIs, axisLast, type Layout } from '../layouts.ts';

/** Targets that are shares of the classes may stand where labels do. */
export const softmaxCrossEntropy: Runner = (one, on) => {
  if (!('labels' in one.inputs) && 'targets' in one.inputs) return softCrossEntropy(one, on);
  const loss = crossEntropyOf(one);
  const by = one.params['normalize_by'];
  if (by !== undefined && by !== 'sum of weights')
    throw new Unsupported(`a loss weighted by class is divided by the sum of weights, not by ${JSON.stringify(by)}`);
  const layout = classesLast(input(one, 'logits'));
  const labels = Int32Array.from(input(one, 'labels').data);
  const classes = layout.shape.at(-1)!;
  const strange = labels.findIndex((label) => !(label >= 0 && label < classes));
  if (strange >= 0) throw new Unsupported(`label ${labels[strange]} at ${strange} is none of ${classes} classes`);
  return judge(one, on, { loss, output: 'logits', layout, labels });
};

/** Targets that are shares of several classes, as mixed examples have them. */
export const softCrossEntropy: Runner = (one, on) => {
  const loss = crossEntropyOf(one);
  // PyTorch divides by the number of examples here, whatever their weights.
  if (loss.classWeights.length > 0 && one.params['normalize_by'] !== 'sum of weights')
    throw new Unsupported('a loss weighted by class is divided by the sum of weights, not by the number of examples');
  const layout = classesLast(input(one, 'logits'));
  return judge(one, on, { loss, output: 'logits', layout, shares: layout.toOurs(input(one, 'targets').data) });
};

const crossEntropyOf = (one: GoldenCase) => ({
  kind: 'cross-entropy',
  smoothing: param(one, 'label_smoothing', 0),
  classWeights: Array.from(one.inputs['class_weights']?.data ?? [])
});

/** The classes of [B, K, …] are axis 1. */
const classesLast = ({ shape }: GoldenTensor): Layout => (shape.length > 2 ? axisLast(shape, 1) : asIs(shape));

/** A label that is missing is NaN in our tables, whatever stands there in the case. */
export const binaryCrossEntropy: Runner = (one, on) => {
  const { mask, pos_weight: weights } = one.inputs;
  const targets = input(one, 'targets');
  const values = Float32Array.from(targets.data, (value, at) => (mask?.data[at] === 0 ? NaN : value));
  const positiveWeights = weights ? weightsOf(weights, sizeOf(batchOf(targets).example)) : [];
  return judge(one, on, {
    loss: { kind: 'binary-cross-entropy', positiveWeights },
    output: 'logits',
    values,
    column: 'binary'
  });
};

/** One weight for every output of an example: as many as there are, or those of the last axes over and over. */
function weightsOf({ shape, data }: GoldenTensor, width: number): number[] {
  if (width % data.length !== 0) throw new Unsupported(`weights of the shape ${shape.join('×')} are not one an output`);
  return Array.from({ length: width }, (_, at) => data[at % data.length]!);
}

export const difference =
  (kind: 'mse' | 'mae' | 'huber'): Runner =>
  (one, on) => {
    const loss = { kind, ...(kind === 'huber' && { delta: param(one, 'delta', 1) }) };
    const output = Object.keys(one.inputs).find((name) => !/^targets?$/.test(name)) ?? 'pred';
    const target = 'target' in one.inputs ? 'target' : 'targets';
    const values = Float32Array.from(input(one, target).data);
    return judge(one, on, { loss, output, values, column: 'number' });
  };

interface Judged {
  readonly loss: Kinded;
  /** Name of the input that is judged; its gradient is `d` and this name. */
  readonly output: string;
  /** Of the output, where its rows are not its last axis. */
  readonly layout?: Layout;
  readonly labels?: Int32Array;
  readonly shares?: ArrayLike<number>;
  readonly values?: Float32Array;
  readonly column?: 'number' | 'binary';
}

/** The mean loss over all rows and its gradient. */
async function judge(one: GoldenCase, on: Surroundings, judged: Judged): Promise<Answer> {
  const z = input(one, judged.output);
  const layout = judged.layout ?? asIs(z.shape);
  const rows =
    judged.layout && layout.shape.length > 2 ? [sizeOf(layout.shape.slice(0, -1)), layout.shape.at(-1)!] : z.shape;
  const { batchSize, example } = batchOf({ shape: rows });
  const width = sizeOf(example);
  const data: TargetData = judged.values
    ? { classes: 0, values: Array.from({ length: width }, (_, at) => ({ name: `v${at}`, kind: judged.column! })) }
    : { classes: width, values: [] };
  const { builder, feeds, heads, ops, output } = record(judged, width, data);
  const given = new Map<Tensor, ArrayLike<number>>(heads.constants.map(({ tensor, values }) => [tensor, values]));
  const fill = feedsOf(judged, layout.toOurs(z.data), { batchSize, width });
  for (const { tensor, source } of feeds.all) given.set(tensor, fill(tensor, source));
  const results = await on.backend.run({ batchSize, tensors: builder.tensors, ops }, given);
  const sums = heads.measures.map((measure) => sumOf(results.get(measure)!, batchSize));
  return {
    outputs: {
      loss: [metricsOf({ heads: heads.heads }, sums, batchSize).loss ?? NaN],
      [`d${judged.output}`]: layout.toGolden(results.get(output.dy!)!)
    }
  };
}

/** What comes from outside, as an engine fills it; classes without the table's limit of a byte each. */
function feedsOf(
  { labels, shares, values }: Judged,
  z: ArrayLike<number>,
  { batchSize, width }: { batchSize: number; width: number }
): (tensor: Tensor, source: FeedSource) => ArrayLike<number> {
  const table: ExampleTable = {
    examples: Float32Array.from(z),
    labels: new Uint8Array(batchSize),
    values: values ?? new Float32Array(),
    scale: new Float32Array(width).fill(1),
    shift: new Float32Array(width)
  };
  const step = { rows: Int32Array.from({ length: batchSize }, (_, b) => b), at: 0, count: batchSize, step: 1 } as const;
  const plan = { seed: 0, batchSize, inputShape: [width], valueColumns: values ? width : 0, augment: [] };
  return (tensor, source) => {
    if (source.kind === 'label') return labels!;
    if (source.kind === 'one-hot') return shares ?? oneHot(labels!, width);
    const target = new Float32Array(sizeOf(tensor.shape) * batchSize);
    fillOf(source, sizeOf(tensor.shape), plan, table)(target, 0, batchSize, { ...step, mode: 'training' });
    return target;
  };
}

function oneHot(labels: Int32Array, width: number): Float32Array {
  const shares = new Float32Array(labels.length * width);
  for (const [row, label] of labels.entries()) shares[row * width + label] = 1;
  return shares;
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
