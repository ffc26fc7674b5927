import { choice, number } from '../contract/fields.ts';
import { formula, type Recorder } from '../plan/builder.ts';
import type { Axes, Tensor } from '../plan/program.ts';
import { channelsOf } from './channels.ts';
import { defineLayer, oneInput, type Forward } from './layer.ts';
import { eps, normalizationFormula, scaleAndOffset } from './normalize.ts';

const perChannel = ['mean', 'variance', 'unbiased', 'scale', 'slope', 'inverse', 'beta', 'dgamma', 'dbeta'];
const axes: Record<string, Axes> = {
  weight: '',
  alone: '',
  ...Object.fromEntries(perChannel.map((name) => [name, 'k']))
};

type Tensors = Readonly<
  Record<'mean' | 'variance' | 'unbiased' | 'alone' | 'inverse' | 'scale' | 'slope' | 'dgamma' | 'dbeta', Tensor>
>;

/**
 * Batch normalization: every channel to mean 0 and variance 1 over the mini-batch, then to a scale and an offset that are learned.
 *
 *   x̂ = (x − μ) / √(σ² + ε)      y = γ·x̂ + β
 *   dx = γ / √(σ² + ε) · (dy − mean(dy) − x̂·mean(dy·x̂))      dγ = Σ dy·x̂      dβ = Σ dy
 *
 * Outside of training μ and σ² are running averages over the steps, r ← r + rate·(new − r); the variance that enters them is the unbiased
 * one. The parameters `mean` and `variance` hold them. A mini-batch of a single value a channel has no variance and leaves them as they
 * are.
 *
 * Shapes: x, y (B, F), or (B, H, W, C) with one statistic a channel; γ, β, μ, σ² (F) or (C).
 * Config: `rate` of the running averages; `statistics` running: use them in training too, as when a finished network is tuned further.
 * Source: Ioffe & Szegedy 2015, Batch Normalization, arXiv:1502.03167, algorithms 1 and 2 and section 3.
 */
export const batchNorm = defineLayer({
  kind: 'batch-norm',
  group: 'normalization',
  help: 'Every channel to mean 0 and variance 1 over the mini-batch',
  config: {
    eps,
    rate: number(0.1, 'Share of the newest batch in the running averages', { min: 0, exclusiveMin: true, max: 1 }),
    statistics: choice('batch', ['batch', 'running'], 'Mean and variance of the mini-batch, or the running averages')
  },
  formula: normalizationFormula,
  inputs: oneInput,

  outputShape: ([x]) => x!,

  parameters([x], { rate }) {
    const { gamma, beta } = scaleAndOffset([x!.at(-1)!]);
    const [mean, variance] = [
      { ...beta, role: 'statistic', rate },
      { ...gamma, role: 'statistic', rate }
    ] as const;
    return { gamma, beta, mean, variance };
  },

  keeps([x]) {
    const names = ['mean', 'variance', 'unbiased', 'inverse', 'scale', 'dgamma', 'dbeta', 'slope'];
    const perChannel = names.map((name) => [name, { shape: [x!.at(-1)!], perExample: false }]);
    return { ...Object.fromEntries(perChannel), alone: { shape: [1], perExample: false } };
  },

  fewestExamples: ([x], { statistics }) => (statistics === 'batch' && channelsOf(x!).pixels === 1 ? 2 : 1),

  forward(record, tensors, parameters, { eps, statistics }) {
    const { x, weight, kept } = tensors;
    if (statistics === 'batch') {
      const { mean, variance, unbiased, alone } = kept as Tensors;
      const options = { grid: channelsOf(x.shape), axes, constants: { pixels: channelsOf(x.shape).pixels } };
      record.reduce(batchMean, { x, weight, mean }, options);
      record.reduce(batchVariance, { x, weight, mean, variance, unbiased }, options);
      if (options.grid.pixels === 1) record.reduce(isAlone, { weight, alone }, { ...options, grid: one });
    }
    normalize(record, tensors, parameters, statistics === 'batch' ? kept : parameters, eps);
  },

  inference(record, tensors, parameters, { eps }) {
    normalize(record, tensors, parameters, parameters, eps);
  },

  backward(record, tensors, parameters, gradients, { statistics }) {
    const { x, dy, dx, weight, kept } = tensors;
    const isRunning = statistics === 'running';
    const { mean } = (isRunning ? parameters : kept) as Tensors;
    const { inverse, scale, slope, dgamma, dbeta } = kept as Tensors;
    const options = { grid: channelsOf(x.shape), axes, constants: { pixels: channelsOf(x.shape).pixels } };
    record.reduce(parameterGradients, { x, dy, mean, inverse, dgamma, dbeta }, options);
    for (const [name, value] of Object.entries({ dgamma, dbeta }))
      record.map(copy, { value, latest: gradients[name]! }, { add: true });
    recordLatest(record, tensors, parameters, gradients, isRunning);
    if (!dx) return;
    if (isRunning) return record.map(formula('dx = dy * scale'), { dy, scale, dx }, { ...options, add: true });
    record.map(formula('slope = dgamma * inverse'), { dgamma, inverse, slope });
    record.map(inputGradient, { x, dy, mean, scale, slope, dbeta, weight, dx }, { ...options, add: true });
  }
});

const batchMean = formula('mean = x * (weight / pixels)');
/** `unbiased`: n·P/(n·P − 1) times the variance, for n examples of P pixels; with a weight of 1/n that is 1/(P/weight − 1) a square. */
const batchVariance = formula(`
  square = (x - mean) * (x - mean) * weight
  variance = square / pixels
  unbiased = square / max(pixels - weight, 1e-30)`);
const parameterGradients = formula(`
  dgamma = dy * (x - mean) * inverse
  dbeta = dy`);
const inputGradient = formula('dx = scale * (dy - weight / pixels * (dbeta + (x - mean) * slope))');
const copy = formula('latest = value');
/** 1 where the mini-batch has a single example. */
const isAlone = formula('alone = step(weight - 0.5)');
const one = { pixels: 1, groups: 1, members: 1 };

/** What the running averages follow: the statistics of the mini-batch, or, where it has none, the averages themselves. */
function recordLatest(
  record: Recorder,
  { x, kept }: Forward,
  running: Readonly<Record<string, Tensor>>,
  gradients: Readonly<Record<string, Tensor>>,
  isRunning: boolean
): void {
  const { mean, unbiased, alone } = kept as Tensors;
  const grid = channelsOf(x.shape);
  for (const [name, value] of Object.entries({ mean, variance: unbiased })) {
    const [average, latest] = [running[name]!, gradients[`d${name}`]!];
    if (isRunning) record.map(copy, { value: average, latest }, { add: true });
    else if (grid.pixels > 1) record.map(copy, { value, latest }, { add: true });
    else
      record.map(
        formula('latest = select(alone, average, value)'),
        { alone, average, value, latest },
        { grid, axes: { alone: '' }, add: true }
      );
  }
}

function normalize(
  record: Recorder,
  { x, y, kept }: Forward,
  { gamma, beta }: Readonly<Record<string, Tensor>>,
  { mean, variance }: Readonly<Record<string, Tensor>>,
  eps: number
): void {
  const { inverse, scale } = kept as Tensors;
  record.map(formula('inverse = 1 / sqrt(variance + eps)'), { variance: variance!, inverse }, { constants: { eps } });
  record.map(formula('scale = gamma * inverse'), { gamma: gamma!, inverse, scale });
  record.map(
    formula('y = (x - mean) * scale + beta'),
    { x, mean: mean!, scale, beta: beta!, y },
    { grid: channelsOf(x.shape), axes }
  );
}
