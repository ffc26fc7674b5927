/** The golden cases of layers in our names and layouts. Not a test itself: whoever has a definition and a backend compares them. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import type { LayerDefinition } from '../../src-worker/layers/layer.ts';
import { layers } from '../../src-worker/layers/table.ts';
import type { Shape } from '../../src-worker/plan/program.ts';
import { layerProgram } from '../support/programs.ts';
import { permute, toHwio, toNhwc } from './layouts.ts';
import { compare, goldenCases, readGolden, type ExpectedTensor, type GoldenCase, type GoldenTensor } from './read.ts';

export interface LayerGolden {
  readonly name: string;
  readonly definition: LayerDefinition;
  readonly settings: Record<string, unknown>;
  readonly batchSize: number;
  readonly inputShapes: readonly [Shape, ...Shape[]];
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>;
  /** By our names. */
  readonly expected: Readonly<Record<string, ExpectedTensor>>;
  /** Results that need a word more, from those of the program. */
  derive?(got: Readonly<Record<string, ArrayLike<number>>>): Record<string, ArrayLike<number>>;
}

/** Every case of one layer. */
export const layerGoldens = (): LayerGolden[] => [
  ...goldenCases('layers_dense', 'dense').map(denseCase),
  ...goldenCases('layers_conv', 'conv2d').map(windowCase),
  ...['maxpool2d', 'avgpool2d', 'global_avgpool2d'].flatMap((kind) => goldenCases('layers_pool', kind)).map(windowCase),
  ...readGolden('layers_activation').cases.map(rowsCase),
  ...['batchnorm_train', 'batchnorm_eval'].flatMap((kind) => goldenCases('layers_norm', kind)).map(normCase),
  ...['layernorm', 'instancenorm', 'groupnorm'].flatMap((kind) => goldenCases('layers_norm', kind)).map(normCase),
  ...goldenCases('layers_misc', 'dropout').map(dropoutCase),
  ...['add', 'concat'].flatMap((kind) => goldenCases('layers_misc', kind)).map(mergeCase),
  ...readGolden('edges').cases.flatMap(edgeCase)
];

/** How far the definition's worst value is off, in tolerances, and which it is. */
export async function worstOfGolden(
  golden: LayerGolden,
  backend: Backend,
  definition = golden.definition
): Promise<{ worst: number; what: string }> {
  const { settings, batchSize, inputs, expected, derive } = golden;
  const [inputShape, ...moreInputs] = golden.inputShapes;
  const program = layerProgram({ definition, settings, batchSize, inputShape, moreInputs })!;
  const results = await program.run(backend, inputs);
  const got: Record<string, ArrayLike<number>> = { ...results, ...derive?.(results) };
  return Object.entries(expected)
    .map(([name, wanted]) => {
      const { worst, at } = compare(got[name]!, wanted);
      return { worst, what: `${name}[${at}]: ${got[name]![at]} instead of ${wanted.data[at]}` };
    })
    .reduce((a, b) => (b.worst > a.worst ? b : a));
}

const images = (of: Readonly<Record<string, GoldenTensor>>): Record<string, ArrayLike<number>> =>
  Object.fromEntries(Object.entries(of).map(([name, tensor]) => [name, toNhwc(tensor)]));

/** Those of the expected tensors that have a name with us, in our layout. */
function expectedOf(
  { expected }: GoldenCase,
  names: Readonly<Record<string, string>>,
  layout: (tensor: ExpectedTensor, name: string) => GoldenTensor['data'] = toNhwc
): Record<string, ExpectedTensor> {
  const found = Object.entries(names).filter(([theirs]) => expected[theirs]);
  return Object.fromEntries(
    found.map(([theirs, ours]) => [ours, { ...expected[theirs]!, data: layout(expected[theirs]!, theirs) }])
  );
}

/** Batch size, and the shape of an example with its channels last. */
function sizesOf({ shape }: GoldenTensor): [number, Shape] {
  const [batchSize, ...rest] = shape as [number, ...number[]];
  const [channels, height, width] = rest;
  return [batchSize, rest.length === 3 ? [height!, width!, channels!] : rest];
}

function denseCase(one: GoldenCase): LayerGolden {
  const { name, params, inputs } = one;
  const { x, w, b, dy } = inputs;
  const [batchSize, inputShape] = sizesOf(x!);
  return {
    name,
    definition: layers['dense']!,
    settings: { units: params['out'], bias: params['bias'] },
    batchSize,
    inputShapes: [inputShape],
    inputs: { x: x!.data, W: w!.data, dy: dy!.data, ...(b && { b: b.data }) },
    expected: expectedOf(one, { y: 'y', dx: 'dx', dw: 'dW', db: 'db' })
  };
}

function windowCase(one: GoldenCase): LayerGolden {
  const { name, inputs } = one;
  const { x, w, b, dy } = inputs;
  const [batchSize, inputShape] = sizesOf(x!);
  const layout = (tensor: ExpectedTensor, of: string) => (of === 'dw' ? toHwio(tensor) : toNhwc(tensor));
  return {
    name,
    ...windowLayer(one),
    batchSize,
    inputShapes: [inputShape],
    inputs: { ...images({ x: x!, dy: dy! }), ...(w && { W: toHwio(w) }), ...(b && { b: b.data }) },
    expected: expectedOf(one, { y: 'y', dx: 'dx', dw: 'dW', db: 'db' }, layout)
  };
}

function windowLayer({ kind, params }: GoldenCase): Pick<LayerGolden, 'definition' | 'settings'> {
  if (kind === 'global_avgpool2d') return { definition: layers['global-average-pool']!, settings: {} };
  const {
    kernel,
    stride,
    pad = [0, 0, 0, 0],
    padding
  } = params as { kernel: [number, number]; stride: number; pad?: number[]; padding?: unknown };
  const border = padding === 'same' ? { padding } : { padding: 'explicit', pad: pad[0] };
  const window = { kernel: kernel[0], kernelWidth: kernel[1], stride, ...border };
  if (kind === 'conv2d')
    return { definition: layers['conv2d']!, settings: { ...window, filters: params['filters'], bias: params['bias'] } };
  if (kind === 'avgpool2d')
    return { definition: layers['average-pool']!, settings: { ...window, countBorder: params['count_include_pad'] } };
  return { definition: layers['max-pool']!, settings: window };
}

/** An activation; the longest kind that begins the name: `leaky_relu_at_zero`, `log_softmax_extreme`. */
function rowsCase(one: GoldenCase): LayerGolden {
  const { name, params, inputs } = one;
  const { x, dy } = inputs;
  const named = Object.values(layers).filter(({ kind }) => `${name}_`.startsWith(`${kind.replaceAll('-', '_')}_`));
  const { axis: _, ...settings } = params;
  const [batchSize, inputShape] = x!.shape.length === 1 ? [1, x!.shape] : sizesOf(x!);
  return {
    name,
    definition: named.reduce((a, b) => (b.kind.length > a.kind.length ? b : a)),
    settings,
    batchSize,
    inputShapes: [inputShape],
    inputs: { x: x!.data, dy: dy!.data },
    expected: expectedOf(one, { y: 'y', dx: 'dx' })
  };
}

const norms: Record<string, string> = {
  batchnorm: 'batch-norm',
  layernorm: 'layer-norm',
  instancenorm: 'instance-norm',
  groupnorm: 'group-norm'
};

function normCase(one: GoldenCase): LayerGolden {
  const { name, params, inputs } = one;
  const { x, gamma, beta, dy, running_mean: mean, running_var: variance } = inputs;
  const [batchSize, inputShape] = sizesOf(x!);
  const rate = params['momentum'] as number | undefined;
  const settings = {
    eps: params['eps'],
    ...(params['groups'] !== undefined && { groups: params['groups'] }),
    ...(rate !== undefined && { rate }),
    ...(one.kind === 'batchnorm_eval' && { statistics: 'running' })
  };
  return {
    name,
    definition: layers[norms[name.split('_')[0]!]!]!,
    settings,
    batchSize,
    inputShapes: [inputShape],
    inputs: {
      ...images({ x: x!, dy: dy! }),
      gamma: channelsLast(gamma!),
      beta: channelsLast(beta!),
      ...(mean && { mean: mean.data }),
      ...(variance && { variance: variance.data })
    },
    expected: expectedOf(
      one,
      { y: 'y', dx: 'dx', dgamma: 'dgamma', dbeta: 'dbeta', running_mean_new: 'mean', running_var_new: 'variance' },
      (tensor) => (tensor.shape.length === 3 ? channelsLast(tensor) : toNhwc(tensor))
    ),
    derive: ({ dmean, dvariance }) =>
      rate === undefined
        ? {}
        : { mean: average(mean!.data, dmean!, rate), variance: average(variance!.data, dvariance!, rate) }
  };
}

/** γ of a whole image [C, H, W] as ours [H, W, C]. */
const channelsLast = (tensor: GoldenTensor): GoldenTensor['data'] =>
  tensor.shape.length === 3 ? permute(tensor, [1, 2, 0]) : tensor.data;

const average = (before: ArrayLike<number>, latest: ArrayLike<number>, rate: number) =>
  Float32Array.from(before, (value, i) => value + rate * (latest[i]! - value));

function dropoutCase(one: GoldenCase): LayerGolden {
  const { x, dy, mask } = one.inputs;
  const [batchSize, inputShape] = sizesOf(x!);
  return {
    name: one.name,
    definition: layers['dropout']!,
    settings: { rate: one.params['p'] },
    batchSize,
    inputShapes: [inputShape],
    inputs: images({ x: x!, dy: dy!, 'kept.mask': mask! }),
    expected: expectedOf(one, { y: 'y', dx: 'dx' })
  };
}

/** Inputs a, b, … are x, x2, …. */
function mergeCase(one: GoldenCase): LayerGolden {
  const { dy, ...given } = one.inputs;
  const ours = (letter: string) => (letter === 'a' ? 'x' : `x${letter.charCodeAt(0) - 'a'.charCodeAt(0) + 1}`);
  const letters = Object.keys(given);
  const [batchSize] = sizesOf(dy!);
  const named = Object.fromEntries(letters.map((letter) => [ours(letter), given[letter]!]));
  return {
    name: one.name,
    definition: layers[one.kind]!,
    settings: {},
    batchSize,
    inputShapes: letters.map((letter) => sizesOf(given[letter]!)[1]) as [Shape, ...Shape[]],
    inputs: images({ ...named, dy: dy! }),
    expected: expectedOf(one, { y: 'y', ...Object.fromEntries(letters.map((of) => [`d${of}`, `d${ours(of)}`])) })
  };
}

/** Kinks, ties, extremes and constants of layers; those of losses and penalties are not ours. */
function edgeCase(one: GoldenCase): LayerGolden[] {
  if (!one.inputs['dy']) return [];
  if (one.name === 'maxpool_ties') return [windowCase(one)];
  return [one.kind === 'constant' ? normCase(one) : rowsCase(one)];
}
