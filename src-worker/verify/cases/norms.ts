/** Normalizations. Images have their channels in axis 1 there, at the end here; so have rows of several channels. */
import type { GoldenCase, GoldenTensor } from '../golden.ts';
import { asIs, axisLast, permuted, type Layout } from '../layouts.ts';
import { sizeOf, type Shape } from '../../plan/program.ts';
import { openSession, type Session } from '../session.ts';
import { input, param, present, type Answer, type Runner, type Surroundings } from './case.ts';
import { runLayer } from './layers.ts';

/** The newest statistics come from an engine's training step: there the running averages live. */
export const batchNormTraining: Runner = async (one, on) => {
  const answer = await normalize(one, on, channels(one), 'batch-norm', batchNormSettings(one), runningOf(one));
  if (!('running_mean' in one.inputs)) return answer;
  const [after] = await runningStatistics(one, on, [input(one, 'x')]);
  return {
    outputs: { ...answer.outputs, running_mean_new: after!.mean, running_var_new: after!.variance }
  };
};

/** The running averages of a case, or those that a network starts with. */
function runningOf(one: GoldenCase) {
  const size = sizeOf(channels(one).learned.shape);
  const { running_mean: mean, running_var: variance } = one.inputs;
  return { mean: mean?.data ?? new Float32Array(size), variance: variance?.data ?? new Float32Array(size).fill(1) };
}

/** y in inference mode, and the gradients as where a finished network is tuned further: the running averages stand for the batch. */
export const batchNormEvaluation: Runner = async (one, on) => {
  const settings = { ...batchNormSettings(one), statistics: 'running' };
  const more = { mean: input(one, 'running_mean').data, variance: input(one, 'running_var').data };
  const seen = channels(one);
  const { outputs } = await normalize(one, on, seen, 'batch-norm', settings, more);
  const given = { ...givenOf(one, seen), ...more };
  const inference = await runLayer(on, { kind: 'batch-norm', settings, ...seen }, given, 'inference');
  return { outputs: { ...outputs, y: seen.layout.toGolden(inference['y']!) } };
};

/** Batches x1, x2, … one after another. */
export const batchNormRunning: Runner = async (one, on) => {
  const batches = Object.keys(one.inputs)
    .filter((name) => /^x\d+$/.test(name))
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const after = await runningStatistics(
    one,
    on,
    batches.map((name) => input(one, name))
  );
  const entries = after.flatMap(({ mean, variance }, at) => [
    [`running_mean@${at + 1}`, mean],
    [`running_var@${at + 1}`, variance]
  ]);
  return { outputs: Object.fromEntries(entries) };
};

/** Over the last axes, as many as `normalized_shape` has; those in front count examples. Whole images are images here too. */
export const layerNorm: Runner = (one, on) => {
  const { shape } = input(one, 'x');
  const over = [one.params['normalized_shape'] ?? shape.slice(-1)].flat() as number[];
  const settings = { eps: param(one, 'eps', 1e-5) };
  if (over.length === 3 && shape.length === 4) {
    const learned = permuted(over, [1, 2, 0]);
    return normalize(one, on, { ...channels(one), learned }, 'layer-norm', settings);
  }
  const inputShape = [sizeOf(over)];
  const batchSize = sizeOf(shape) / sizeOf(over);
  return normalize(
    one,
    on,
    { layout: asIs(shape), learned: asIs(over), inputShape, batchSize },
    'layer-norm',
    settings
  );
};

export const instanceNorm: Runner = (one, on) =>
  normalize(one, on, channels(one), 'instance-norm', { eps: param(one, 'eps', 1e-5) });

export const groupNorm: Runner = (one, on) =>
  normalize(one, on, channels(one), 'group-norm', {
    eps: param(one, 'eps', 1e-5),
    groups: param(one, ['groups', 'num_groups'])
  });

interface Seen {
  readonly layout: Layout;
  /** Of γ and β. */
  readonly learned: Layout;
  readonly inputShape: Shape;
  readonly batchSize: number;
}

const channels = (one: GoldenCase): Seen => channelsOf(input(one, 'x'));

/** [B, F] as rows, [B, C, L] and [B, C, H, W] as images. */
function channelsOf({ shape }: GoldenTensor): Seen {
  const layout = axisLast(shape, 1);
  const [batchSize, ...example] = layout.shape as [number, ...number[]];
  const inputShape = example.length === 2 ? [example[0]!, 1, example[1]!] : example;
  return { layout, learned: asIs(layout.shape.slice(-1)), inputShape, batchSize };
}

function batchNormSettings(one: GoldenCase): Record<string, unknown> {
  return { eps: param(one, 'eps', 1e-5), rate: param(one, 'momentum', 0.1) };
}

/** Without γ and β the scale is 1 and the offset 0. */
function givenOf(one: GoldenCase, { layout, learned }: Seen) {
  const { dy, gamma, beta } = one.inputs;
  const size = sizeOf(learned.shape);
  return {
    x: layout.toOurs(input(one, 'x').data),
    dy: dy && layout.toOurs(dy.data),
    gamma: learned.toOurs(gamma?.data ?? new Float32Array(size).fill(1)),
    beta: learned.toOurs(beta?.data ?? new Float32Array(size))
  };
}

async function normalize(
  one: GoldenCase,
  on: Surroundings,
  seen: Seen,
  kind: string,
  settings: Record<string, unknown>,
  more: Record<string, ArrayLike<number>> = {}
): Promise<Answer> {
  const { layout, learned } = seen;
  const got = await runLayer(on, { kind, settings, ...seen }, { ...givenOf(one, seen), ...more });
  const { y, dx, dgamma, dbeta } = got;
  return {
    outputs: present({
      y: layout.toGolden(y!),
      dx: dx && layout.toGolden(dx),
      dgamma: dgamma && learned.toGolden(dgamma),
      dbeta: dbeta && learned.toGolden(dbeta)
    })
  };
}

interface Statistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** A network of one batch norm, trained for a step on each batch; what it is judged by does not matter to its statistics. */
async function runningStatistics(
  one: GoldenCase,
  on: Surroundings,
  batches: readonly GoldenTensor[]
): Promise<Statistics[]> {
  const { layout, inputShape, batchSize } = channelsOf(batches[0]!);
  const size = sizeOf(inputShape);
  const examples = Float32Array.from(batches.flatMap(({ data }) => Array.from(layout.toOurs(data))));
  const session = await openSession({
    ...on,
    layers: [{ kind: 'batch-norm', ...batchNormSettings(one) }, { kind: 'flatten' }],
    training: { optimizer: { kind: 'sgd', learningRate: 1e-6 }, loss: { kind: 'mse' } },
    batchSize,
    examples,
    shape: inputShape,
    target: { values: new Float32Array(examples.length), columns: size }
  });
  try {
    return await follow(session);
  } finally {
    await session.engine.close();
  }

  async function follow({ setParameters, train, parameters }: Session): Promise<Statistics[]> {
    const features = input(one, 'running_mean').data.length;
    await setParameters({
      'n1.gamma': new Float32Array(features).fill(1),
      'n1.beta': new Float32Array(features),
      'n1.mean': input(one, 'running_mean').data,
      'n1.variance': input(one, 'running_var').data
    });
    const seen: Statistics[] = [];
    for (const batch of batches.keys()) {
      await train([Int32Array.from({ length: batchSize }, (_, row) => batch * batchSize + row)]);
      const after = await parameters();
      seen.push({ mean: after['n1.mean']!, variance: after['n1.variance']! });
    }
    return seen;
  }
}
