/** Whole training steps on the kernels of the GPU backends, run in JavaScript, against the reference backend. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batches, Engine, ExampleTable, PrepareOptions } from '../../../src-worker/backends/backend.ts';
import { gpujsCpu, webgl2, webgpu } from '../../../src-worker/backends/gpujs/gpujs.ts';
import { stepsPerCall } from '../../../src-worker/backends/gpujs/steps-per-call.ts';
import { reference } from '../../../src-worker/backends/reference/reference.ts';
import type { Kinded } from '../../../src-worker/contract/fields.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import { ProgramBuilder } from '../../../src-worker/plan/builder.ts';
import type { Plan } from '../../../src-worker/plan/plan.ts';
import type { Op } from '../../../src-worker/plan/program.ts';
import { optimizers } from '../../../src-worker/optimizers/table.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const EXAMPLES = 203;
const BATCH = 16;
const random = randomStream(5, 'generate/gpujs');
const table: ExampleTable = {
  examples: Uint8Array.from({ length: EXAMPLES * 12 }, () => random.below(256)),
  labels: Uint8Array.from({ length: EXAMPLES }, () => random.below(3)),
  values: new Float32Array(),
  scale: new Float32Array(12).map((_, i) => (1 + i / 12) / 255),
  shift: new Float32Array(12).map((_, i) => i / 12 - 1)
};

/** 12 inputs, layers of odd sizes, 3 classes. */
function planOf(optimizer: Kinded): { plan: Plan; optimizer: Kinded } {
  const kinds = [
    { kind: 'input' },
    { kind: 'flatten' },
    { kind: 'dense', units: 7 },
    { kind: 'tanh' },
    { kind: 'dense', units: 5 }
  ];
  const nodes = [...kinds, { kind: 'sigmoid' }, { kind: 'dense', units: 3 }].map((node, at) => ({
    id: `n${at}`,
    ...node
  }));
  const spec = {
    version: 1,
    name: 'small',
    data: { dataset: 'small' },
    network: { nodes, edges: nodes.slice(1).map(({ id }, at) => [`n${at}`, id]) },
    training: { optimizer, batchSize: BATCH }
  };
  const info = {
    ...describedDatasets[0]!,
    name: 'small',
    shape: [2, 3, 2],
    classes: ['a', 'b', 'c'],
    trainCount: EXAMPLES,
    testCount: 0
  };
  const { experiment, problems } = checkExperiment(spec, [info]);
  if (!experiment) throw new Error(JSON.stringify(problems));
  const plan = makePlan(experiment, { shape: info.shape, classes: 3, values: [] });
  return { plan, optimizer: experiment.training.optimizer as Kinded };
}

/** Batches with fewer examples here and there and a learning rate that moves. */
function batchesOf(steps: number, optimizer: Kinded): Batches {
  const known = Array.from({ length: steps }, (_, s) => ({
    learningRate: 0.05 / (1 + s / 10),
    ...optimizers[optimizer.kind]!.perStep?.(s + 1, optimizer)
  }));
  return {
    steps,
    rows: Int32Array.from({ length: steps * BATCH }, () => random.below(EXAMPLES)),
    counts: Int32Array.from({ length: steps }, (_, s) => (s % 5 === 3 ? 1 + (s % BATCH) : BATCH)),
    firstStep: 1,
    numbers: Object.fromEntries(
      Object.keys(known[0]!).map((name) => [
        name,
        Float64Array.from(known, (of) => (of as Record<string, number>)[name]!)
      ])
    )
  };
}

const part = ({ rows, counts, numbers }: Batches, from: number, to: number): Batches => ({
  steps: to - from,
  rows: rows.subarray(from * BATCH, to * BATCH),
  counts: counts.subarray(from, to),
  firstStep: 1 + from,
  numbers: Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, values.subarray(from, to)]))
});
/** Loss and right answers. */
const sumsFor = (steps: number) => [new Float64Array(steps), new Float64Array(steps)] as const;
const difference = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe.each([
  ['adam', { kind: 'adam', learningRate: 0.01 }],
  ['momentum', { kind: 'momentum', learningRate: 0.01 }],
  ['sgd', { kind: 'sgd', learningRate: 0.01 }]
])('with %s', (_, given) => {
  const { plan, optimizer } = planOf(given);
  const options = { plan, table, threads: 1 } as PrepareOptions;
  const start = initialParameters(plan, 3);
  const engines: Engine[] = [];
  let ours: Engine;
  let oracle: Engine;

  beforeAll(async () => {
    [ours, oracle] = await Promise.all([gpujsCpu.prepare(options), reference.prepare(options)]);
    engines.push(ours, oracle);
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  it('37 steps follow the reference, in parameters, states and sums', async () => {
    expect(ours.maxSteps).toBe(16);
    const batches = batchesOf(37, optimizer);
    const [got, wanted] = [sumsFor(37), sumsFor(37)];
    await Promise.all(engines.map((engine) => engine.write('w', start)));
    expect(await ours.train(batches, got)).toBe(37);
    expect(await oracle.train(batches, wanted)).toBe(37);
    for (const arena of ['w', ...plan.states])
      expect(difference(await ours.read(arena), await oracle.read(arena)), arena).toBeLessThan(2e-6);
    expect(difference(await ours.read('w'), start)).toBeGreaterThan(0.01);
    expect(Math.max(...got[0].map((loss, s) => Math.abs(loss - wanted[0][s]!)))).toBeLessThan(2e-5);
    expect(got[1]).toEqual(wanted[1]);
  });

  it('judges any number of examples without changing anything', async () => {
    const before = await ours.read('w');
    for (const count of [0, 1, BATCH, 16 * BATCH + 5]) {
      const rows = Int32Array.from({ length: count }, (_, i) => (i * 7) % EXAMPLES);
      const [got, wanted] = [await ours.evaluate(rows), await oracle.evaluate(rows)];
      expect(Math.abs(got[0]! - wanted[0]!)).toBeLessThan(1e-5 * (1 + wanted[0]!));
      expect(got[1]).toBe(wanted[1]);
    }
    expect(await ours.read('w')).toEqual(before);
  });

  it('gives the same bits however the steps are cut into calls', async () => {
    const batches = batchesOf(21, optimizer);
    const ends: Float32Array[] = [];
    for (const cuts of [
      [0, 21],
      [0, 1, 17, 20, 21]
    ]) {
      await ours.write('w', start);
      for (const state of plan.states) await ours.write(state, new Float32Array(plan.arena));
      for (let at = 1; at < cuts.length; at++) {
        const steps = part(batches, cuts[at - 1]!, cuts[at]!);
        await ours.train(steps, sumsFor(steps.steps));
      }
      ends.push(await ours.read('w'));
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  it('hands out the answers of every mini-batch', async () => {
    await Promise.all(engines.map((engine) => engine.write('w', start)));
    const rows = Int32Array.from({ length: 3 * BATCH + 5 }, (_, i) => (i * 7) % EXAMPLES);
    const visits = await Promise.all(
      engines.map(async (engine) => {
        const seen: { count: number; values: number[] }[] = [];
        await engine.evaluate(rows, ([output], count) => void seen.push({ count, values: Array.from(output!) }));
        return seen;
      })
    );
    const [got, wanted] = visits as [(typeof visits)[0], (typeof visits)[0]];
    expect(got.map(({ count }) => count)).toEqual([BATCH, BATCH, BATCH, 5]);
    for (const [index, { values }] of wanted.entries()) {
      expect(got[index]!.values).toHaveLength(values.length);
      expect(Math.max(...values.map((value, i) => Math.abs(value - got[index]!.values[i]!)))).toBeLessThan(1e-5);
    }
  });

  it.each([0, 5, 18])('stops before the update of step %i, whose loss is not a number', async (bad) => {
    const steps = 20;
    const batches = batchesOf(steps, optimizer);
    const broken = { ...table, examples: Float32Array.from(table.examples) };
    const row = EXAMPLES - 1;
    broken.examples.fill(NaN, row * 12, (row + 1) * 12);
    for (let i = 0; i < batches.rows.length; i++) if (batches.rows[i] === row) batches.rows[i] = 0;
    batches.rows[bad * BATCH] = row;
    const ends = [];
    for (const backend of [gpujsCpu, reference]) {
      const engine = await backend.prepare({ ...options, table: broken });
      await engine.write('w', start);
      const sums = sumsFor(steps);
      expect(await engine.train(batches, sums)).toBe(bad);
      expect(Array.from(sums[0].subarray(0, bad + 1), Number.isFinite)).toEqual([
        ...new Array<boolean>(bad).fill(true),
        false
      ]);
      ends.push(await engine.read('w'));
      await engine.close();
    }
    expect(difference(ends[0]!, ends[1]!)).toBeLessThan(2e-6);
    if (bad === 0) expect(ends[0]).toEqual(start);
  });

  it('names the arenas there are when asked for another', async () => {
    await expect(ours.read('x')).rejects.toThrow(
      new LabError('internal', `There is no arena “x”; known: ${['w', ...plan.states].join(', ')}.`)
    );
  });
});

describe('where it cannot run', () => {
  it.each([webgpu, webgl2])('$name says why in Node', async (backend) => {
    expect(await backend.unavailable('asked')).toMatch(/needs a browser/);
    await expect(backend.run({ batchSize: 1, tensors: [], ops: [] }, new Map())).rejects.toMatchObject({
      code: 'backend_unavailable'
    });
  });

  it('the kernels in JavaScript are there when asked for and never chosen', async () => {
    expect(await gpujsCpu.unavailable('asked')).toBeNull();
    expect(await gpujsCpu.unavailable('auto')).toMatch(/software/);
  });

  it('refuses a mini-batch too large for one buffer', async () => {
    const spec = setPath(presetSpec('fashion-5-layer'), 'training.batchSize', 65_536);
    const { experiment } = checkExperiment(spec, describedDatasets);
    const plan = makePlan(experiment!, { shape: [28, 28, 1], classes: 10, values: [], examples: 54_000 });
    await expect(gpujsCpu.prepare({ plan, table } as PrepareOptions)).rejects.toMatchObject({
      code: 'backend_unavailable',
      details: { elements: 54_000 * 784 }
    });
  });

  it('refuses a layer too large for one buffer, by its name', async () => {
    const spec = setPath(presetSpec('fashion-5-layer'), 'network.nodes.h2.units', 65_536);
    const { experiment } = checkExperiment(setPath(spec, 'network.nodes.h1.units', 300), describedDatasets);
    const plan = makePlan(experiment!, { shape: [28, 28, 1], classes: 10, values: [], examples: 54_000 });
    await expect(gpujsCpu.prepare({ plan, table } as PrepareOptions)).rejects.toThrow(/“h2\.W” has \d+ values/);
  });

  it('refuses an image too large to be taken apart into rows and columns', async () => {
    const builder = new ProgramBuilder();
    const image = (name: string, shape: number[]) => builder.tensor(name, shape, { perExample: true });
    const [x, y] = [image('x', [1, 1024, 1024]), image('y', [1, 1024, 1024])];
    const ops: Op[] = [];
    const window = { kernel: [1, 1], stride: [1, 1], pad: [0, 0, 0, 0] } as const;
    builder.record(ops).pool2d({ kind: 'max', window, countBorder: false, x, y });
    const program = { batchSize: 1, tensors: builder.tensors, ops };
    await expect(gpujsCpu.run(program, new Map([[x, new Float32Array(2 ** 20)]]))).rejects.toThrow(
      /an image of 1×1024×1024 has 1048576/
    );
  });
});

describe('steps in a call', () => {
  const spec = presetSpec('fashion-5-layer');
  const planFor = (path: string, value: unknown) =>
    makePlan(checkExperiment(setPath(spec, path, value), describedDatasets).experiment!, {
      shape: [28, 28, 1],
      classes: 10,
      values: [],
      examples: 54_000
    });

  it('are many for a small network, one for a large one', () => {
    expect(stepsPerCall(planFor('training.batchSize', 32), { backend: 'webgpu', isSoftware: false })).toBe(16);
    expect(
      stepsPerCall(planFor('network.nodes.h1.units', 20_000), { backend: 'webgpu', isSoftware: false })
    ).toBeLessThan(4);
    expect(stepsPerCall(planFor('training.batchSize', 128), { backend: 'gpujs-cpu', isSoftware: true })).toBe(1);
  });

  it('are fewer where a convolution works than where a dense layer does as much', () => {
    const on = { backend: 'gpujs-cpu', isSoftware: true } as const;
    const planWith = (...layers: Kinded[]) => {
      const nodes = [{ kind: 'input' }, ...layers, { kind: 'dense', units: 10 }].map((layer, at) => ({
        ...layer,
        id: `n${at}`
      }));
      return planFor('network', { nodes, edges: nodes.slice(1).map(({ id }, at) => [`n${at}`, id]) });
    };
    const image = planWith({ kind: 'conv2d', filters: 16, kernel: 28 }, { kind: 'flatten' });
    const layer = planWith({ kind: 'flatten' }, { kind: 'dense', units: 16 });
    expect(image.multiplyAdds).toBe(layer.multiplyAdds);
    expect(stepsPerCall(image, on)).toBeLessThan(stepsPerCall(layer, on));
  });

  it('are fewer where norms sum over images and tables are looked through', () => {
    const on = { backend: 'gpujs-cpu', isSoftware: true } as const;
    const planWith = (...layers: Kinded[]) => {
      const nodes = [{ kind: 'input' }, ...layers, { kind: 'dense', units: 10 }].map((layer, at) => ({
        ...layer,
        id: `n${at}`
      }));
      const edges = nodes.slice(1).map(({ id }, at) => [`n${at}`, id]);
      const spec = setPath(presetSpec('fashion-5-layer'), 'training.batchSize', 8);
      const { experiment, problems } = checkExperiment(
        setPath(setPath(spec, 'data.normalize', 'none'), 'network', { nodes, edges }),
        describedDatasets
      );
      if (!experiment) throw new Error(JSON.stringify(problems));
      return makePlan(experiment, { shape: [28, 28, 1], classes: 10, values: [], examples: 54_000 });
    };
    const flat = { kind: 'flatten' };
    const plain = stepsPerCall(planWith(flat), on);
    expect(stepsPerCall(planWith({ kind: 'layer-norm' }, flat), on)).toBeLessThan(plain);
    const few = stepsPerCall(planWith(flat, { kind: 'embedding', words: 4, width: 2 }, flat), on);
    const many = stepsPerCall(planWith(flat, { kind: 'embedding', words: 400, width: 2 }, flat), on);
    expect(many).toBeLessThan(few);
  });

  it('are so few that the examples of a call fit into one buffer', () => {
    const plan = planFor('training.batchSize', 8192);
    expect(stepsPerCall(plan, { backend: 'webgpu', isSoftware: false }) * 8192 * 784).toBeLessThan(2 ** 24);
  });
});
