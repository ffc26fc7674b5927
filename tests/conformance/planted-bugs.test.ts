/** Deliberate faults: the functions that the suites check with must find every one, and nothing wrong with what is right. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src-worker/backends/backend.ts';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import type { LayerDefinition } from '../../src-worker/layers/layer.ts';
import { layers } from '../../src-worker/layers/table.ts';
import type { OptimizerDefinition } from '../../src-worker/optimizers/optimizer.ts';
import { optimizers } from '../../src-worker/optimizers/table.ts';
import { formula } from '../../src-worker/plan/builder.ts';
import type { Op, Shape, Tensor } from '../../src-worker/plan/program.ts';
import { runCase } from '../../src-worker/verify/verify.ts';
import { readGolden } from '../../src-worker/verify/golden.ts';
import { goldenDirectory } from '../golden/read.ts';
import { plainHost } from '../support/backends.ts';
import { gradientCases, worstGradient, worstSum } from './layer-cases.ts';
import { worstDropped, worstMoment, worstRunning } from './layer-properties.ts';
import { lossCases, worstLossGradient } from './loss-cases.ts';
import { worse, type Mistake } from './mistake.ts';
import { worstUpdate } from './optimizer-cases.ts';

const oracle = referenceBackend('float64');
const single = referenceBackend();
const files = ['layers_conv', 'layers_pool', 'layers_norm', 'layers_activation', 'edges'].map((name) =>
  readGolden(name, readFileSync(join(goldenDirectory(), `${name}.json`), 'utf8'))
);

/** What a suite says of a definition: how much worse than allowed its worst result is. Above 1 it is found. */
type Check<D> = (definition: D, backend: Backend) => Promise<number>;

async function worstOver<C>(cases: readonly C[], check: (one: C) => Promise<Mistake>, limit: number): Promise<number> {
  const found = await Promise.all(cases.map(check));
  return found.reduce(worse).error / limit;
}

const gradients: Check<LayerDefinition> = (definition, backend) =>
  worstOver(gradientCases(definition), (one) => worstGradient(one, backend), 1e-6);
const sums: Check<LayerDefinition> = (definition, backend) =>
  worstOver(gradientCases(definition), (one) => worstSum(one, backend), 1e-12);
const moments: Check<LayerDefinition> = async (definition, backend) =>
  (await worstMoment(definition, backend)).error / 1e-11;
const running: Check<LayerDefinition> = async (definition, backend) =>
  (await worstRunning(definition, backend)).error / 1e-11;
const dropping: Check<LayerDefinition> = async (definition, backend) =>
  (await worstDropped(definition, backend)).error / 1e-12;
const lossGradients: Check<string> = (kind, backend) =>
  worstOver(lossCases(kind), (one) => worstLossGradient(one, backend), 1e-8);
const updates: Check<OptimizerDefinition> = async (definition, backend) =>
  (await worstUpdate(definition, backend)).error / 1e-13;
/** The golden cases of a kind. */
const golden: Check<string> = async (kind, backend) => {
  const cases = files.flatMap((file) => file.cases.filter((one) => one.kind === kind).map((one) => ({ file, one })));
  const on = { backend, host: plainHost, threads: 1, files };
  const results = await Promise.all(cases.map(({ file, one }) => runCase(file, one, on)));
  return Math.max(...results.map((result) => (result.status === 'unsupported' ? 0 : (result.worst ?? Infinity))));
};

/** A backend that does something else for some operations. */
const faultyBackend = (honest: Backend, change: (op: Op) => Op | Op[]): Backend => ({
  ...honest,
  run: (program, inputs) => honest.run({ ...program, ops: program.ops.flatMap(change) }, inputs)
});

/** A formula with a piece of its text exchanged. */
function exchange(op: Op, from: string, to: string): Op {
  if (op.op !== 'map' && op.op !== 'reduce') return op;
  return { ...op, formula: formula(op.formula.text.replace(from, to)) };
}

/** A third of what an operation has written. */
const third = (op: Op & { y: Tensor }): Op => ({
  op: 'map',
  formula: formula('y = y / 3'),
  tensors: { y: op.y },
  constants: {},
  grid: null,
  axes: {},
  add: false
});

/** Keeps filters turned round, forward and backward: its gradients are right, of another function. */
const flipping = (honest: Backend): Backend => ({
  ...honest,
  async run(program, inputs) {
    const filters = new Set(program.ops.flatMap((op) => (op.op === 'conv2d' ? [op.w] : [])));
    const gradients = new Set(program.ops.flatMap((op) => (op.op === 'conv2dBackWeights' ? [op.dw] : [])));
    const turned = (of: ReadonlySet<Tensor>) => (entry: readonly [Tensor, ArrayLike<number>]) =>
      of.has(entry[0]) ? ([entry[0], turnedRound(entry[0].shape, entry[1])] as const) : entry;
    const results = await honest.run(program, new Map(Array.from(inputs, turned(filters))));
    return new Map(Array.from(results, turned(gradients))) as typeof results;
  }
});

function turnedRound([height, width, ...rest]: Shape, values: ArrayLike<number>): Float32Array {
  const [pixels, inner] = [height! * width!, rest.reduce((a, b) => a * b, 1)];
  return Float32Array.from(values, (_, i) => {
    const pixel = Math.floor(i / inner);
    return values[(pixels - 1 - pixel) * inner + (i % inner)]!;
  });
}

interface Fault {
  readonly fault: string;
  readonly found: () => Promise<number>;
  /** The same check of the same thing without the fault. */
  readonly right: () => Promise<number>;
}

/** What is right is checked once, however many faults are planted into it. */
const known = new Map<unknown, Map<unknown, Promise<number>>>();
function once<D>(check: Check<D>, definition: D, backend: Backend): Promise<number> {
  const results = known.get(check) ?? new Map<unknown, Promise<number>>();
  known.set(check, results);
  const result = results.get(definition) ?? check(definition, backend);
  results.set(definition, result);
  return result;
}

const planted = <D>(fault: string, check: Check<D>, right: D, wrong: D, honest = oracle): Fault => ({
  fault,
  found: () => check(wrong, honest),
  right: () => once(check, right, honest)
});
const inBackend = <D>(
  fault: string,
  check: Check<D>,
  definition: D,
  change: (op: Op) => Op | Op[],
  honest = oracle
): Fault => ({
  fault,
  found: () => check(definition, faultyBackend(honest, change)),
  right: () => once(check, definition, honest)
});
const inFormula = <D>(
  fault: string,
  check: Check<D>,
  definition: D,
  from: string,
  to: string,
  honest = oracle
): Fault => inBackend(fault, check, definition, (op) => exchange(op, from, to), honest);

const layer = (kind: string): LayerDefinition => layers[kind]!;

/** Dense whose backward pass does something else for square matrices alone, where shapes do not give it away. */
const untransposed: LayerDefinition = {
  ...layer('dense'),
  backward(record, tensors, parameters, gradients, config) {
    const { dy, dx } = tensors;
    const [inputs, outputs] = parameters['W']!.shape;
    const wrong = inputs === outputs ? dx : null;
    layer('dense').backward!(record, { ...tensors, dx: wrong ? null : dx }, parameters, gradients, config);
    if (wrong) record.matmul('NN', dy, parameters['W']!, wrong, { add: true });
  }
};

const biasForgotten: LayerDefinition = {
  ...layer('dense'),
  backward: (record, tensors, { W }, { dW, db }, config) =>
    layer('dense').backward!(
      { ...record, sumRows: () => undefined },
      tensors,
      { W: W!, b: W! },
      { dW: dW!, db: db! },
      config
    )
};

/** Does in evaluation what it does in training. */
const alwaysTraining = (kind: string): LayerDefinition => ({ ...layer(kind), inference: layer(kind).forward! });

const rule = (kind: string, from: string, to: string): OptimizerDefinition => ({
  ...optimizers[kind]!,
  update: optimizers[kind]!.update.replace(from, to)
});

const faults: Fault[] = [
  inBackend('a wrong stride in the backward pass of convolution', gradients, layer('conv2d'), (op) =>
    op.op === 'conv2dBackInput' ? { ...op, window: { ...op.window, stride: [1, 1] } } : op
  ),
  inBackend('the border forgotten in the gradient of the filters', gradients, layer('conv2d'), (op) =>
    op.op === 'conv2dBackWeights' ? { ...op, window: { ...op.window, pad: [0, 0, 0, 0] } } : op
  ),
  {
    fault: 'a kernel that is flipped, forward and backward',
    found: () => golden('conv2d', flipping(single)),
    right: () => once(golden, 'conv2d', single)
  },
  planted('a missing transpose in dx = dy·Wᵀ', gradients, layer('dense'), untransposed),
  planted('the gradient of the bias forgotten', gradients, layer('dense'), biasForgotten),
  inBackend('the mean over the batch instead of the sum in dW', gradients, layer('dense'), (op) =>
    op.op === 'matmul' && op.form === 'TN' ? [op, third(op)] : op
  ),
  inFormula('the mask of relu dropped', gradients, layer('relu'), 'select(y, dy, 0)', 'dy'),
  inBackend('a gradient that overwrites the one before', sums, layer('tanh'), (op) =>
    op.op === 'map' && op.add ? { ...op, add: false } : op
  ),
  inFormula(
    'the derivative of sigmoid taken at x instead of y',
    gradients,
    layer('sigmoid'),
    'dy * y * (1 - y)',
    'dy * x * (1 - x)'
  ),
  inBackend(
    'average pooling that divides by the whole window at the border',
    golden,
    'avgpool2d',
    (op) => (op.op === 'pool2d' ? { ...op, countBorder: true } : op),
    single
  ),
  inBackend('another divisor in the backward pass of average pooling', gradients, layer('average-pool'), (op) =>
    op.op === 'pool2dBack' ? { ...op, countBorder: !op.countBorder } : op
  ),
  inFormula(
    'ε outside the root in batch normalization',
    golden,
    'batchnorm_train',
    'sqrt(variance + eps)',
    '(sqrt(variance) + eps)',
    single
  ),
  inFormula(
    'dx of batch normalization without the terms of the means',
    gradients,
    layer('batch-norm'),
    'dx = scale * (dy - weight / pixels * (dbeta + (x - mean) * slope))',
    'dx = scale * dy'
  ),
  inFormula(
    'dx of batch normalization with the mean of dy alone',
    gradients,
    layer('batch-norm'),
    '(dbeta + (x - mean) * slope)',
    'dbeta'
  ),
  inFormula(
    'rows that only fill the batch up in the mean',
    gradients,
    layer('batch-norm'),
    'mean = x * (weight / pixels)',
    'mean = x / (3 * pixels)'
  ),
  inFormula(
    'batch normalization that forgets to divide by the deviation',
    moments,
    layer('batch-norm'),
    '1 / sqrt(variance + eps)',
    '1'
  ),
  inFormula(
    'the biased variance in the running average',
    running,
    layer('batch-norm'),
    'max(pixels - weight, 1e-30)',
    'pixels'
  ),
  planted('batch statistics at inference', running, layer('batch-norm'), alwaysTraining('batch-norm')),
  inFormula(
    'layer normalization without the part of dx along x',
    gradients,
    layer('layer-norm'),
    ' - normal * slope',
    ''
  ),
  inFormula(
    'the unbiased variance in layer normalization',
    golden,
    'layernorm',
    '(x - mean) / count',
    '(x - mean) / (count - 1)',
    single
  ),
  inFormula('softmax without the sum over the row in its derivative', gradients, layer('softmax'), 'dy - along', 'dy'),
  inFormula('softmax that does not take the largest value off', golden, 'extreme', 'top = x', 'top = 0 * x', single),
  inFormula('dropout without its scale', dropping, layer('dropout'), 'y = x * mask * scale', 'y = x * mask'),
  inFormula(
    'dropout without its mask in the backward pass',
    gradients,
    layer('dropout'),
    'dy * mask * scale',
    'dy * scale'
  ),
  planted('dropout at inference', dropping, layer('dropout'), alwaysTraining('dropout')),
  inBackend('slices of concatenated inputs that begin one column early', gradients, layer('concat'), (op) =>
    op.op === 'slice' ? { ...op, at: Math.max(op.at - 1, 0) } : op
  ),
  inFormula(
    'cross-entropy whose gradient forgets the smoothing',
    lossGradients,
    'cross-entropy',
    '/ sum - q)',
    '/ sum - t)'
  ),
  inFormula('class weights in the loss but not in its gradient', lossGradients, 'cross-entropy', '- c * q)', '- q)'),
  inFormula(
    'missing labels that count in the gradient',
    lossGradients,
    'binary-cross-entropy',
    'dz = g * present *',
    'dz = g *'
  ),
  inFormula(
    'the sum instead of the mean over the outputs',
    lossGradients,
    'mse',
    'weight * share / width',
    'weight * share'
  ),
  inFormula('the share of an output forgotten', lossGradients, 'mae', 'weight * share / width', 'weight / width'),
  inFormula('half the derivative of a square', lossGradients, 'mse', '2 * (z - t)', '(z - t)'),
  planted(
    'Adam without bias correction',
    updates,
    optimizers['adam']!,
    rule('adam', '(learningRate / (1 - beta1^t))', 'learningRate')
  ),
  planted(
    'momentum with the learning rate inside and outside',
    updates,
    optimizers['momentum']!,
    rule('momentum', '+ fresh * g', '+ learningRate * g')
  ),
  planted(
    'RMSProp with ε inside the root',
    updates,
    optimizers['rmsprop']!,
    rule('rmsprop', 'sqrt(v + inside) + outside', 'sqrt(v + outside)')
  ),
  planted(
    'AdamW whose decay is not scaled by the learning rate',
    updates,
    optimizers['adamw']!,
    rule('adamw', 'learningRate * weightDecay', 'weightDecay')
  ),
  planted(
    'Nesterov that does not look ahead',
    updates,
    optimizers['nesterov']!,
    rule('nesterov', 'g + momentum * v', 'v')
  )
];

describe.each(faults)('$fault', ({ found, right }) => {
  it('is found', async () => expect(await found()).toBeGreaterThan(2));
  it('is not seen where it is not', async () => expect(await right()).toBeLessThanOrEqual(1));
});
