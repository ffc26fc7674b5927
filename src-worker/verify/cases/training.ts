/** Training runs of several steps over given batches of images. */
import type { Kinded } from '../../contract/fields.ts';
import { sizeOf, type Shape } from '../../plan/program.ts';
import type { GoldenCase, GoldenTensor } from '../golden.ts';
import { gradientsAt } from '../gradients.ts';
import { filters, permuted, type Layout, asIs } from '../layouts.ts';
import { learnedParameters, openSession, type Session } from '../session.ts';
import type { Parameter } from '../../plan/plan.ts';
import { input, listParam, Unsupported, type Answer, type Runner, type Surroundings } from './case.ts';
import { ruleOf, trajectory } from './optimizers.ts';

export const train: Runner = async (one, on) => {
  const data = dataOf(one, on);
  const layers = listParam<string>(one, 'network').map(layerOf);
  const classes = Object.values(one.inputs).at(-1)!.shape.at(-1)!;
  const session = await openSession({
    ...on,
    layers,
    training: { ...ruleOf(one) },
    batchSize: data.batches[0]!.length,
    examples: data.examples,
    shape: data.shape,
    target: { labels: data.labels, classes }
  });
  try {
    return await follow(one, on, { session, layers, ...data });
  } finally {
    await session.engine.close();
  }
};

interface Data {
  readonly examples: Float32Array;
  readonly shape: Shape;
  readonly labels: ArrayLike<number>;
  readonly batches: readonly Int32Array[];
}

/** The images are sums of 2×2 pixels of one byte each; the network sees their mean, 0 … 1. */
const WHITE = 4 * 255;

function dataOf({ params }: GoldenCase, { files }: Surroundings): Data {
  const named = files.find(({ file }) => file === params['data']) ?? files.find(({ data }) => data);
  if (!named?.data) throw new Error(`The images, ${JSON.stringify(params['data'])}, are not in this set`);
  const of = { inputs: named.data };
  const [sums, labels, batches] = [input(of, 'sum4'), input(of, 'labels'), input(of, 'batches')];
  const [steps, batchSize] = batches.shape as [number, number];
  return {
    examples: Float32Array.from(sums.data, (sum) => sum / WHITE),
    shape: [...sums.shape.slice(1, 3), 1],
    labels: labels.data,
    batches: Array.from({ length: Math.min(steps, Number(params['steps'] ?? steps)) }, (_, step) =>
      Int32Array.from(batches.data.subarray(step * batchSize, (step + 1) * batchSize))
    )
  };
}

/** `conv 4 filters 3x3 same stride 1`, `maxpool 2x2`, `flatten (32)`, `dense 10`, `relu`. Windows of pooling lie side by side unless it says. */
export function layerOf(text: string): Kinded {
  const [word, ...rest] = text.split(' ');
  const size = /(\d+)x(\d+)/.exec(text);
  const [kernel, kernelWidth] = [Number(size?.[1]), Number(size?.[2])];
  const stride = /stride (\d+)/.exec(text)?.[1];
  if (/^(conv|maxpool|avgpool)$/.test(word!) && !size)
    throw new Unsupported(`“${text}” does not say how large its window is`);
  const side = word === 'conv' ? { stride: 1 } : { stride: kernel, strideWidth: kernelWidth };
  const window = { kernel, kernelWidth, ...(stride ? { stride: Number(stride) } : side) };
  const pad = /pad (\d+)/.exec(text)?.[1];
  const padding = pad
    ? { padding: 'explicit', pad: Number(pad) }
    : { padding: /same|valid/.exec(text)?.[0] ?? 'valid' };
  switch (word) {
    case 'conv':
      return { kind: 'conv2d', filters: Number(rest[0]), ...window, ...padding };
    case 'maxpool':
      return { kind: 'max-pool', ...window, ...padding };
    case 'avgpool':
      return { kind: 'average-pool', ...window, ...padding };
    case 'dense':
      return { kind: 'dense', units: Number(rest[0]) };
    case 'flatten':
    case 'relu':
    case 'tanh':
    case 'sigmoid':
    case 'elu':
    case 'gelu':
    case 'softplus':
      return { kind: word };
    default:
      throw new Unsupported(`no layer here is known as “${text}”`);
  }
}

interface Run extends Data {
  readonly session: Session;
  readonly layers: readonly Kinded[];
}

async function follow(one: GoldenCase, { backend }: Surroundings, run: Run): Promise<Answer> {
  const { session, labels, batches } = run;
  const start = startOf(one, run);
  await session.setParameters(
    Object.fromEntries(
      start.map(({ name, parameter, layout }) => [parameter.name, layout.toOurs(input(one, name).data)])
    )
  );
  const all = Int32Array.from({ length: labels.length }, (_, row) => row);
  const before = await session.evaluate(all);
  const { plan, table } = session;
  const first = await gradientsAt(backend, { plan, table, rows: batches[0]!, arena: await session.engine.read('w') });
  const { losses, seen } = await trajectory(one, session, batches);
  const logits: number[] = [];
  const after = await session.evaluate(all, ([outputs]) => logits.push(...outputs!));
  const width = logits.length / labels.length;
  return {
    outputs: {
      loss_all_before: [before.loss],
      correct_all_before: [before.correct],
      ...Object.fromEntries(
        start.map(({ name, parameter, layout }) => [`grad.${name}@1`, layout.toGolden(first(parameter))])
      ),
      ...Object.fromEntries(
        seen.flatMap(({ step, parameters }) =>
          start.map(({ name, parameter, layout }) => [`${name}@${step}`, layout.toGolden(parameters[parameter.name]!)])
        )
      ),
      losses,
      loss_all_after: [after.loss],
      correct_all_after: [after.correct],
      ...firstLogits(one, logits, width)
    }
  };
}

/** `logits_after_first16`: of the first 16 images. */
const firstLogits = ({ expected }: GoldenCase, logits: readonly number[], width: number) =>
  Object.fromEntries(
    Object.keys(expected)
      .map((name) => [name, Number(/^logits_after_first(\d+)$/.exec(name)?.[1])] as const)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => [name, logits.slice(0, count * width)])
  );

interface StartParameter {
  /** `K1`, `b1`, `W3` */
  readonly name: string;
  readonly parameter: Parameter;
  readonly layout: Layout;
}

/** The set's parameters come in the order of the layers, weights before biases: as ours do. */
function startOf({ inputs }: GoldenCase, { session: { plan }, layers, shape }: Run): StartParameter[] {
  const learned = learnedParameters(plan);
  return Object.entries(inputs).map(([name, tensor], at) => {
    const parameter = learned[at];
    if (!parameter || sizeOf(parameter.shape) !== tensor.data.length)
      throw new Error(`The network has no parameter for “${name}” of the shape ${tensor.shape.join('×')}`);
    return { name, parameter, layout: layoutOf(tensor, parameter) };
  });

  function layoutOf({ shape: golden }: GoldenTensor, { node }: Parameter): Layout {
    if (golden.length === 4) return filters(golden);
    const number = Number(node.slice(1));
    if (golden.length < 2 || layers[number - 2]?.kind !== 'flatten') return asIs(golden);
    // The rows of this matrix are the values of an image: channel by channel there, pixel by pixel here.
    const image = number === 2 ? shape : plan.tensors.find((tensor) => tensor.name === `n${number - 2}.y`)!.shape;
    const [height, width, channels] = image as [number, number, number];
    const split = permuted([channels, height, width, golden[1]!], [1, 2, 0, 3]);
    return { ...split, shape: golden };
  }
}
