import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../src-worker/backends/backend.ts';
import { referenceBackend } from '../../../src-worker/backends/reference/reference.ts';
import type { Kinded } from '../../../src-worker/contract/fields.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { tensorsOf, type Op } from '../../../src-worker/plan/program.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { checkGradients, crossesKink, slopesAt } from '../../../src-worker/verify/gradient-check.ts';
import type { PointOptions } from '../../../src-worker/verify/gradients.ts';
import { openSession } from '../../../src-worker/verify/session.ts';
import { plainHost } from '../../support/backends.ts';

const exact = referenceBackend('float64');
const ROWS = 6;

/** A network on a few drawn images, at its first weights. */
async function pointOf(layers: Kinded[], { seed = 3, loss = { kind: 'cross-entropy' } } = {}): Promise<PointOptions> {
  const shape = [4, 4, 2];
  const random = randomStream(seed, 'generate/images');
  const examples = Float32Array.from({ length: ROWS * 32 }, () => random.normal());
  const { plan, table, engine } = await openSession({
    ...{ backend: exact, host: plainHost, threads: 1, batchSize: ROWS },
    layers: [...layers, { kind: 'flatten' }, { kind: 'dense', units: 3 }],
    training: { optimizer: { kind: 'sgd' }, loss },
    examples,
    shape,
    target: { labels: [0, 1, 2, 2, 1, 0], classes: 3 }
  });
  await engine.close();
  return {
    plan,
    table,
    rows: Int32Array.from({ length: ROWS }, (_, row) => row),
    arena: initialParameters(plan, seed)
  };
}

/** A backend whose backward pass, and nothing in front of it, does something else. */
const withFault = (change: (op: Op) => Op): Backend => ({
  ...exact,
  run: (program, inputs) => exact.run({ ...program, ops: program.ops.map(change) }, inputs)
});
const writes = (op: Op, name: string) => tensorsOf(op).writes.some((tensor) => tensor.name === name);

const convolution = { kind: 'conv2d', filters: 3, padding: 'same' };

describe('right gradients', () => {
  it.each<[string, Kinded[]]>([
    ['convolution and tanh', [convolution, { kind: 'tanh' }, { kind: 'average-pool' }]],
    ['batch norm, by the statistics of the mini-batch', [convolution, { kind: 'batch-norm' }, { kind: 'sigmoid' }]],
    ['dropout, by the same mask on both sides', [convolution, { kind: 'dropout', rate: 0.4 }, { kind: 'tanh' }]],
    ['normalizations of single examples', [{ kind: 'group-norm', groups: 2 }, convolution, { kind: 'layer-norm' }]]
  ])('of %s are good', async (_, layers) => {
    const point = await pointOf(layers);
    const report = await checkGradients(point);
    expect(report.passed).toBe(true);
    expect(report.error).toBeLessThan(1e-8);
    const learned = point.plan.parameters.filter(({ role }) => role !== 'statistic');
    expect(report.tensors.map(({ name, checked }) => [name, checked])).toEqual(
      learned.map(({ name, size }) => [name, size])
    );
  });

  it('that are 0 but for rounding have no error: a bias in front of a batch norm', async () => {
    const report = await checkGradients(await pointOf([convolution, { kind: 'batch-norm' }]));
    const bias = report.tensors.find(({ name }) => name === 'n1.b')!;
    expect(Math.abs(bias.worst!.numeric)).toBeLessThan(1e-9);
    expect(bias).toMatchObject({ error: 0, passed: true });
  });

  it('put every value back', async () => {
    const point = await pointOf([convolution]);
    const [first, second] = [await checkGradients(point), await checkGradients(point)];
    expect(first).toEqual(second);
  });
});

describe('wrong gradients', () => {
  const network = [convolution, { kind: 'tanh' }];

  it('are found in the parameter whose operation is wrong, and only there', async () => {
    const shifted = withFault((op) =>
      op.op === 'conv2dBackWeights' ? { ...op, window: { ...op.window, pad: [0, 2, 1, 1] } } : op
    );
    const report = await checkGradients({ ...(await pointOf(network)), backend: shifted });
    expect(report.passed).toBe(false);
    expect(report.tensors.map(({ name, passed }) => [name, passed])).toEqual([
      ['n1.W', false],
      ['n1.b', true],
      ['n4.W', true],
      ['n4.b', true]
    ]);
    const { error, worst } = report.tensors[0]!;
    expect(error).toBeGreaterThan(0.1);
    expect(Math.abs(worst!.numeric - worst!.analytic)).toBeGreaterThan(0.01);
  });

  it('are found in all layers in front of one that hands a wrong gradient back', async () => {
    const point = await pointOf(network);
    const gone = { ...point, plan: { ...point.plan, gradients: withoutTanh(point) } };
    expect((await checkGradients(gone)).tensors.map(({ passed }) => passed)).toEqual([false, false, true, true]);
  });

  it('are found by a sample of the values, which has those with the largest gradients', async () => {
    const point = await pointOf(network);
    const report = await checkGradients({
      ...point,
      plan: { ...point.plan, gradients: withoutTanh(point) },
      samples: 4
    });
    expect(report.tensors[0]).toMatchObject({ checked: 4, size: 54, passed: false });
  });

  /** The backward pass of tanh as if it were a straight line: dx = dy. */
  function withoutTanh({ plan }: PointOptions): Op[] {
    return plan.gradients.map((op) => {
      if (op.op !== 'map' || !writes(op, 'n1.dy')) return op;
      return { ...op, tensors: { ...op.tensors, y: op.tensors['dx']! } };
    });
  }
});

describe('kinks', () => {
  /** Steps so long that some of the many relus change sides. */
  const step = 0.02;

  it('are told apart from mistakes', async () => {
    const report = await checkGradients({ ...(await pointOf([convolution, { kind: 'relu' }])), step });
    const weights = report.tensors[0]!;
    expect(weights.kinks).toBeGreaterThan(0);
    expect(weights.kinks).toBeLessThan(weights.checked);
  });

  it('do not excuse a wrong gradient', async () => {
    const point = await pointOf([convolution, { kind: 'relu' }]);
    const gradients = point.plan.gradients.map((op) =>
      op.op === 'conv2dBackWeights' ? { ...op, window: { ...op.window, pad: [0, 2, 1, 1] as const } } : op
    );
    const report = await checkGradients({ ...point, plan: { ...point.plan, gradients } });
    expect(report.tensors[0]).toMatchObject({ passed: false });
  });

  const place = (of: (x: number) => number, x: number) => {
    const values = Float64Array.of(x);
    return { loss: () => Promise.resolve(of(values[0]!)), middle: of(x), values, index: 0 };
  };
  const relu = (x: number) => Math.max(x, 0);

  it('are seen where a step crosses one, whichever side the point is on', async () => {
    expect(await slopesAt(place(relu, 2e-5), 1e-4)).toEqual({
      central: expect.closeTo(0.6, 9),
      right: expect.closeTo(1, 9),
      left: expect.closeTo(0.2, 9)
    });
    expect(await crossesKink(place(relu, 2e-5), 1e-4, 1)).toBe(true);
    expect(await crossesKink(place(relu, -2e-5), 1e-4, 0)).toBe(true);
    expect(await crossesKink(place(relu, 0), 1e-4, 0)).toBe(true);
  });

  it('are not seen in a smooth loss, nor near a kink whose slopes are others', async () => {
    expect(
      await crossesKink(
        place((x) => x ** 2, 0.5),
        1e-5,
        0.7
      )
    ).toBe(false);
    expect(
      await crossesKink(
        place((x) => x ** 2, 0.5),
        1e-5,
        2
      )
    ).toBe(false);
    expect(await crossesKink(place(relu, 2e-5), 1e-4, 2)).toBe(false);
    expect(await crossesKink(place(relu, 2e-5), 1e-4, -1)).toBe(false);
  });
});
