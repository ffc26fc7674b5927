/** What normalizations and dropout promise, by themselves and in training. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { fillOf } from '../../src-worker/backends/feed.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { layers } from '../../src-worker/layers/table.ts';
import { layerProgram } from '../support/programs.ts';
import { nodeBackends, plainHost } from '../support/backends.ts';
import { openSession } from '../../src-worker/verify/session.ts';
import { worstDropped, worstMoment, worstRunning } from './layer-properties.ts';

const oracle = referenceBackend('float64');
const single = referenceBackend();

function draw(size: number, stream: string): Float64Array {
  const random = randomStream(23, `init/${stream}`);
  return Float64Array.from({ length: size }, () => 2 * random.normal() + 1);
}

describe('batch normalization', () => {
  it('gives every channel mean 0 and variance 1 in training', async () => {
    const { what, error } = await worstMoment(layers['batch-norm']!, oracle);
    expect(error, what).toBeLessThan(1e-11);
  });

  it('averages mean and unbiased variance, and at inference uses the averages', async () => {
    const { what, error } = await worstRunning(layers['batch-norm']!, oracle);
    expect(error, what).toBeLessThan(1e-11);
  });

  it.each(nodeBackends)('leaves the averages as they are after a batch of a single row: %s', async (_, backend) => {
    const definition = layers['batch-norm']!;
    const program = layerProgram({ definition, settings: {}, batchSize: 3, inputShape: [2] })!;
    const affine = { gamma: [2, 3], beta: [1, -1], mean: [4, -3], variance: [6, 0.5] };
    const given = { ...affine, x: [5, 7, 1, 2, 3, 4], dy: [1, -1, 0, 0, 0, 0] };
    const single = await program.run(backend, { ...given, weight: [1, 0, 0] });
    expect([single['dmean'], single['dvariance']].map((values) => Array.from(values!))).toEqual([
      [4, -3],
      [6, 0.5]
    ]);
    expect(Array.from(single['y']!.subarray(0, 2))).toEqual([1, -1]);
    const pair = await program.run(backend, { ...given, weight: [0.5, 0.5, 0] });
    expect(Array.from(pair['dvariance']!, (value) => Number(value.toFixed(4)))).toEqual([8, 12.5]);
  });

  it('has running averages that converge to the statistics of the data', async () => {
    const [batchSize, columns] = [16, 3];
    const examples = Float32Array.from(draw(batchSize * columns, 'rows'));
    const session = await openSession({
      ...{ backend: single, host: plainHost, threads: 1 },
      layers: [
        { kind: 'batch-norm', rate: 0.2 },
        { kind: 'dense', units: 2 }
      ],
      training: { optimizer: { kind: 'sgd', learningRate: 0.01 } },
      examples,
      shape: [columns],
      target: { labels: Int32Array.from({ length: batchSize }, (_, b) => b % 2), classes: 2 },
      batchSize
    });
    const all = Int32Array.from({ length: batchSize }, (_, b) => b);
    await session.train(Array.from({ length: 60 }, () => all));
    const { 'n1.mean': mean, 'n1.variance': variance } = await session.parameters();
    for (let c = 0; c < columns; c++) {
      const own = Array.from(all, (b) => examples[b * columns + c]!);
      const center = own.reduce((a, b) => a + b, 0) / batchSize;
      const squares = own.reduce((sum, value) => sum + (value - center) ** 2, 0);
      expect(mean![c]).toBeCloseTo(center, 4); // 0.8⁶⁰ of the start is left
      expect(variance![c]).toBeCloseTo(squares / (batchSize - 1), 4);
    }
  });
});

describe('normalizations of one kind are others in special cases', () => {
  const run = async (kind: string, settings: object, batchSize: number, shape: number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const definition = layers[kind]!;
    const program = layerProgram({ definition, settings: { ...settings }, batchSize, inputShape: shape })!;
    const channels = shape.at(-1)!;
    const affine = { gamma: draw(channels, 'gamma'), beta: draw(channels, 'beta') };
    const statistics = kind === 'batch-norm' ? { mean: [0, 0, 0, 0], variance: [1, 1, 1, 1] } : {};
    const given = { x: draw(batchSize * size, 'x'), dy: draw(batchSize * size, 'dy'), ...affine, ...statistics };
    const { y, dx, dgamma, dbeta } = await program.run(oracle, given);
    return [y!, dx!, dgamma!, dbeta!].map((values) => Array.from(values));
  };
  const expectAlike = (got: number[][], wanted: number[][]) => {
    for (const [at, values] of got.entries())
      for (const [i, value] of values.entries()) expect(Math.abs(value - wanted[at]![i]!)).toBeLessThan(1e-10);
  };
  const image = [3, 5, 4];

  it('instance normalization is batch normalization of a single example', async () =>
    expectAlike(await run('instance-norm', {}, 1, image), await run('batch-norm', {}, 1, image)));
  it('group normalization with a group a channel is instance normalization', async () =>
    expectAlike(await run('group-norm', { groups: 4 }, 2, image), await run('instance-norm', {}, 2, image)));
  it('group normalization of rows with one group is layer normalization', async () =>
    expectAlike(await run('group-norm', { groups: 1 }, 3, [4]), await run('layer-norm', {}, 3, [4])));
  it('layer normalization over the channels of one pixel is that of the example', async () =>
    expectAlike(await run('layer-norm', { over: 'channels' }, 2, [1, 1, 4]), await run('layer-norm', {}, 2, [4])));
});

describe('normalizations in float32', () => {
  const kinds = ['batch-norm', 'layer-norm', 'instance-norm', 'group-norm'];

  it.each(kinds)('%s of values far from 0 keeps their digits', async (kind) => {
    const settings = kind === 'group-norm' ? { groups: 2 } : {};
    const program = layerProgram({ definition: layers[kind]!, settings, batchSize: 4, inputShape: [4, 4, 2] })!;
    const x = draw(4 * 32, 'x').map((value) => Math.round(value * 64) / 64);
    const gamma = new Float64Array(kind === 'layer-norm' ? 32 : 2).fill(1);
    const given = { gamma, beta: gamma.map(() => 0), ...(kind === 'batch-norm' && { mean: [0, 0], variance: [1, 1] }) };
    const near = await program.run(oracle, { ...given, x });
    // 4096 + k/64 is exact in float32; squares of it are not.
    const far = await program.run(single, { ...given, x: x.map((value) => value + 4096) });
    for (const [i, y] of near['y']!.entries()) expect(Math.abs(far['y']![i]! - y)).toBeLessThan(1e-3);
  });

  it.each(kinds)('%s of constant values is finite, forward and backward', async (kind) => {
    const settings = kind === 'group-norm' ? { groups: 2 } : {};
    const program = layerProgram({ definition: layers[kind]!, settings, batchSize: 4, inputShape: [4, 4, 2] })!;
    const width = kind === 'layer-norm' ? 32 : 2;
    const given = {
      x: new Float32Array(4 * 32).fill(0.1),
      dy: draw(4 * 32, 'dy'),
      gamma: new Float32Array(width).fill(1),
      beta: new Float32Array(width),
      ...(kind === 'batch-norm' && { mean: [0, 0], variance: [1, 1] })
    };
    const { y, dx } = await program.run(single, given);
    for (const value of y!) expect(Math.abs(value)).toBeLessThan(1e-4);
    expect(Array.from(dx!).every(Number.isFinite)).toBe(true);
  });
});

describe('dropout', () => {
  it('scales what it keeps, and is the identity at inference', async () => {
    const { what, error } = await worstDropped(layers['dropout']!, oracle);
    expect(error, what).toBeLessThan(1e-12);
  });

  const mask = (keep: number, { seed = 1, step = 1, stream = 'd.mask' } = {}) => {
    const plan = { seed, batchSize: 50, inputShape: [1], valueColumns: 0, augment: [] };
    const table = {
      examples: new Float32Array(),
      labels: new Uint8Array(),
      values: new Float32Array(),
      scale: new Float32Array(),
      shift: new Float32Array()
    };
    const [batch, size] = [50, 400];
    const target = new Float32Array(batch * size);
    const at = { rows: new Int32Array(batch), at: 0, count: batch, step, mode: 'training' as const };
    fillOf({ kind: 'mask', keep, stream }, size, plan, table)(target, 0, batch, at);
    return target;
  };
  const share = (of: Float32Array) => of.reduce((sum, value) => sum + value, 0) / of.length;

  it.each([0.1, 0.5, 0.8, 1])('keeps a share of %d', (keep) => {
    expect(Math.abs(share(mask(keep)) - keep)).toBeLessThanOrEqual(4 * Math.sqrt((keep * (1 - keep)) / 20_000));
  });

  it('draws the same mask for the same seed, step and layer, and independent ones for others', () => {
    const first = mask(0.5);
    expect(mask(0.5)).toEqual(first);
    for (const other of [{ step: 2 }, { seed: 2 }, { stream: 'e.mask' }]) {
      const agreeing = share(mask(0.5, other).map((value, i) => (value === first[i] ? 1 : 0)));
      expect(Math.abs(agreeing - 0.5)).toBeLessThan(0.015);
    }
  });

  it('is drawn anew in every step of training, and not at all in evaluation', async () => {
    const session = await openSession({
      ...{ backend: single, host: plainHost, threads: 1 },
      layers: [
        { kind: 'dropout', rate: 0.5 },
        { kind: 'dense', units: 2 }
      ],
      training: { optimizer: { kind: 'sgd', learningRate: 1e-12 } },
      examples: Float32Array.from(draw(4 * 30, 'rows')),
      shape: [30],
      target: { labels: [0, 1, 0, 1], classes: 2 },
      batchSize: 4
    });
    const W = Float32Array.from(draw(60, 'W'));
    const reset = () => session.setParameters({ 'n2.W': W, 'n2.b': [0, 0] });
    await reset();
    const losses = await session.train([
      [0, 1, 2, 3],
      [0, 1, 2, 3]
    ]);
    expect(Math.abs(losses[0]! - losses[1]!)).toBeGreaterThan(1e-3);
    const rows = Int32Array.of(0, 1, 2, 3);
    expect(await session.engine.evaluate(rows)).toEqual(await session.engine.evaluate(rows));
  });
});
