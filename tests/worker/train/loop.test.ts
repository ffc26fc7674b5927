import { describe, expect, it } from 'vitest';
import { reference } from '../../../src-worker/backends/reference/reference.ts';
import type { Backend } from '../../../src-worker/backends/backend.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { runEventSchema } from '../../../src-worker/contract/run.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import { chooseEngine } from '../../../src-worker/train/choose.ts';
import { epochBatches } from '../../../src-worker/train/epoch-batches.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { stepNumbers } from '../../../src-worker/train/step-numbers.ts';
import { LiveControls } from '../../../src-worker/train/controls.ts';
import { plainHost } from '../../support/backends.ts';
import { presetSpec } from '../../support/datasets.ts';
import { endOf, lossesOf, ticking, trainXor, xor } from '../../support/train-xor.ts';

describe('the training loop', () => {
  it('hands the metrics of every epoch to a schedule that listens', async () => {
    // Nothing ever is an improvement, so from the third epoch on the learning rate is next to nothing.
    const schedule = { kind: 'reduce-on-plateau', patience: 1, minDelta: 1e6, factor: 1e-12 };
    const events = await trainXor({ changes: { 'training.epochs': 4, 'training.schedule': schedule } });
    const losses = events.filter((event) => event.type === 'epoch').map(({ dev }) => dev!.loss!);
    expect(losses[0]! - losses[1]!).toBeGreaterThan(1e-3);
    expect(losses.slice(2)).toEqual([losses[1], losses[1]]);
  });

  it('learns xor, measures every step and epoch, and tests at the end', async () => {
    const events = await trainXor({ changes: { 'training.epochs': 20 } });
    const epochs = events.filter((event) => event.type === 'epoch');
    expect(lossesOf(events)).toHaveLength(20 * 80);
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i + 1, 80 * (i + 1)])
    );
    expect(epochs.at(-1)!.dev!.accuracy).toBeGreaterThan(0.95);
    expect(endOf(events)).toMatchObject({ status: 'completed', step: 1600, error: null });
    expect(endOf(events).test!.accuracy).toBeGreaterThan(0.95);
  });

  it('gives the same losses to the last bit however the steps are cut into chunks', async () => {
    const slow = await trainXor({ nowMs: ticking(1000) }); // every call seems to take a second: single steps
    const fast = await trainXor({ nowMs: ticking(0) }); // no time passes: chunks as large as they get
    expect(lossesOf(slow)).toEqual(lossesOf(fast));
    expect(slow.filter(({ type }) => type === 'steps').length).toBeGreaterThan(
      fast.filter(({ type }) => type === 'steps').length
    );
  });

  it('changes with the seed and with nothing else', async () => {
    const [a, b, c] = await Promise.all([trainXor(), trainXor(), trainXor({ changes: { seed: 43 } })]);
    expect(lossesOf(a)).toEqual(lossesOf(b));
    expect(lossesOf(a)).not.toEqual(lossesOf(c));
  });

  it('means the losses of an epoch over its examples, the smaller last batch included', async () => {
    const events = await trainXor({ changes: { 'training.batchSize': 300, 'training.epochs': 1 } });
    const [a, b, c] = lossesOf(events) as [number, number, number];
    const epoch = events.find((event) => event.type === 'epoch')!;
    expect(epoch.step).toBe(3);
    expect(epoch.train.loss).toBeCloseTo((300 * a + 300 * b + 200 * c) / 800, 12);
  });

  it('stops early after `patience` epochs without a new best, and tests with the best weights', async () => {
    const changes = {
      'training.epochs': 200,
      'training.optimizer': { kind: 'sgd', learningRate: 2 },
      'training.earlyStopping': { monitor: 'dev.loss', patience: 3, restoreBest: true }
    };
    const events = await trainXor({ changes });
    const devs = events.flatMap((event) => (event.type === 'epoch' ? [event.dev!.loss!] : []));
    const best = devs.indexOf(Math.min(...devs));
    expect(devs.length).toBeLessThan(200);
    expect(devs.length - 1 - best).toBe(3);
    expect(endOf(events)).toMatchObject({ status: 'completed', best: { epoch: best + 1, restored: true } });
    const straight = await trainXor({
      changes: { ...changes, 'training.epochs': best + 1, 'training.earlyStopping': null }
    });
    expect(endOf(events).test).toEqual(endOf(straight).test);
  });

  it('tells how the finished network does on what it was trained on, and how its weights lie', async () => {
    const { final, test } = endOf(await trainXor({ changes: { 'training.epochs': 20 } }));
    expect(final!.train.accuracy).toBeGreaterThan(0.95);
    expect(final!.train.loss).not.toBe(test!.loss);
    const weights = final!.weights.map(({ name, values }) => [name, values.count]);
    expect(weights).toEqual([
      ['h1.W', 8],
      ['out.W', 8]
    ]);
    // Between zeros on both sides no gradient gets through.
    const zeros = { 'network.nodes.h1.init': 'zeros', 'network.nodes.out.init': 'zeros', 'training.epochs': 1 };
    const still = endOf(await trainXor({ changes: zeros })).final!;
    for (const { values } of still.weights) expect(values).toMatchObject({ zeros: 1, sd: 0, limit: 0 });
  });

  it('measures the finished network without dropout', async () => {
    const { nodes, edges } = presetSpec('xor').network;
    const changes = {
      'network.nodes': [...nodes.slice(0, -1), { id: 'd1', kind: 'dropout', rate: 0.5 }, nodes.at(-1)],
      'network.edges': [...edges.slice(0, -1), ['a1', 'd1'], ['d1', 'out']],
      'training.epochs': 20
    };
    const events = await trainXor({ changes });
    const last = events.findLast((event) => event.type === 'epoch')!;
    expect(endOf(events).final!.train.loss).toBeLessThan(last.train.loss! * 0.8);
  });

  it('stops between two chunks and keeps what was measured', async () => {
    const controls = new LiveControls();
    const events = await trainXor({
      controls,
      onEvent: ({ type }) => void (type === 'epoch' && controls.want('stop'))
    });
    expect(endOf(events)).toMatchObject({ status: 'stopped', step: 80, test: null });
    expect(lossesOf(events)).toHaveLength(80);
  });

  it('pauses without counting the time, and goes on where it was', async () => {
    const controls = new LiveControls();
    let now = 0;
    const events = await trainXor({
      controls,
      nowMs: () => (now += 0.001),
      onEvent(event) {
        if (event.type === 'epoch' && event.epoch === 1) controls.want('pause');
        if (event.type === 'pause')
          setTimeout(() => {
            now += 3_600_000;
            controls.want('run');
          }, 5);
      }
    });
    expect(events.filter(({ type }) => type === 'pause' || type === 'resume')).toEqual([
      { type: 'pause', step: 80 },
      { type: 'resume', step: 80 }
    ]);
    expect(endOf(events).seconds).toBeLessThan(60);
    expect(lossesOf(events)).toEqual(lossesOf(await trainXor()));
  });

  it('ends as diverged at the first loss that is no number, which it reports as null', async () => {
    const dense = (id: string, units: number) => ({ id, kind: 'dense', units });
    const linear = {
      nodes: [{ id: 'input', kind: 'input' }, dense('h1', 4), dense('h2', 4), dense('out', 2)],
      edges: [
        ['input', 'h1'],
        ['h1', 'h2'],
        ['h2', 'out']
      ]
    };
    const events = await trainXor({
      changes: { network: linear, 'training.optimizer': { kind: 'sgd', learningRate: 1000 } }
    });
    const losses = lossesOf(events);
    expect(endOf(events).status).toBe('diverged');
    expect(losses.indexOf(null)).toBe(losses.length - 1);
    expect(endOf(events).step).toBe(losses.length);
    // The weights are those from before the update that was not made, so it is what they give that is no number.
    expect(endOf(events).diverged).toMatchObject({ step: losses.length, what: 'output' });
    expect(endOf(events).diverged!.tensor).toBe(`${endOf(events).diverged!.node}.y`);
  });

  it('measures f1 beside accuracy, what was asked for too, and tells class by class at the end', async () => {
    const asked = [{ kind: 'recall', of: 1 }, 'weighted-error'];
    const events = await trainXor({ changes: { 'training.epochs': 8, 'training.metrics': asked } });
    const epochs = events.filter((event) => event.type === 'epoch');
    expect(Object.keys(epochs[0]!.dev!)).toEqual(['loss', 'accuracy', 'f1', 'recall:1', 'weighted-error']);
    expect(epochs[0]!.train).toEqual({ loss: expect.any(Number), accuracy: expect.any(Number) });
    for (const { dev } of epochs) expect(dev!['weighted-error']).toBeCloseTo(1 - dev!.accuracy!, 12);
    const { test, reports } = endOf(events);
    const [report] = reports!;
    expect(report).toMatchObject({ node: 'out', on: 'test' });
    const [[right0, wrong0], [wrong1, right1]] = report!.confusion as [[number, number], [number, number]];
    expect(right0 + wrong0 + wrong1 + right1).toBe(500);
    expect((right0 + right1) / 500).toBeCloseTo(test!.accuracy!, 12);
    expect(report!.items[1]).toEqual({
      ...{ name: xor.info.classes[1], count: wrong1 + right1, precision: right1 / (right1 + wrong0) },
      ...{ recall: right1 / (right1 + wrong1), f1: (2 * right1) / (2 * right1 + wrong0 + wrong1) }
    });
    expect(test!['recall:1']).toBe(report!.items[1]!.recall);
  });

  it('tells the classes of the dev set where there is no test set', async () => {
    const events = await trainXor({ testCount: 0 });
    const dev = events.filter((event) => event.type === 'epoch').at(-1)!.dev!;
    const { test, reports } = endOf(events);
    expect(test).toBeNull();
    expect(reports![0]!.on).toBe('dev');
    const [[a, b], [c, d]] = reports![0]!.confusion as [[number, number], [number, number]];
    expect((a + d) / (a + b + c + d)).toBeCloseTo(dev.accuracy!, 12);
  });

  it('says what the weights cost by themselves, when that is part of the training', async () => {
    const events = await trainXor({ changes: { 'training.regularize': { l1: 0.001, l2: 0.01, form: 'whole' } } });
    const [first] = events.filter((event) => event.type === 'epoch');
    const straight = await trainXor();
    expect(first!.train['penalty']).toBeGreaterThan(0);
    expect(straight.find((event) => event.type === 'epoch')!.train).not.toHaveProperty('penalty');
  });

  it('stops early by any metric, in its own direction', async () => {
    const earlyStopping = { monitor: 'dev.weighted-error', patience: 2, restoreBest: false };
    const events = await trainXor({
      changes: {
        'training.epochs': 60,
        'training.metrics': ['weighted-error'],
        'training.earlyStopping': earlyStopping
      }
    });
    const errors = events.flatMap((event) => (event.type === 'epoch' ? [event.dev!['weighted-error']!] : []));
    const best = errors.indexOf(Math.min(...errors));
    expect(errors.length - 1 - best).toBe(2);
    expect(endOf(events).best!.epoch).toBe(best + 1);
  });
});

describe('measuring', () => {
  const breaking = {
    'training.epochs': 1,
    'training.batchSize': 800,
    'training.optimizer': { kind: 'sgd', learningRate: 1000 },
    'network.nodes.h1.init': { kind: 'constant', value: 1e38 },
    'network.nodes.a1.kind': 'relu'
  };

  it('finds weights broken by the last update where there is neither a dev nor a test set', async () => {
    const changes = { ...breaking, 'data.split': { train: 0.8, dev: 0 } };
    const events = await trainXor({ changes, testCount: 0 });
    expect(events.map(({ type }) => type)).toEqual(['steps', 'epoch', 'end']);
    expect(endOf(events)).toMatchObject({ status: 'diverged', test: null });
    expect(endOf(events)).not.toHaveProperty('final');
    expect(endOf(events).diverged).toEqual({ step: 1, node: 'out', what: 'parameter', tensor: 'out.W' });
  });

  it('reports what broken weights cost as null, which events can carry', async () => {
    const events = await trainXor({ changes: { ...breaking, 'training.regularize': { l2: 0.1 } } });
    const epoch = events.find((event) => event.type === 'epoch')!;
    expect(epoch.train['penalty']).toBeNull();
    expect(runEventSchema.parse(epoch)).toEqual(epoch);
  });

  it('calls a run diverged whose last update broke the weights, though every loss before it was a number', async () => {
    const events = await trainXor({
      changes: breaking
    });
    const epochs = events.filter(({ type }) => type === 'epoch');
    expect(epochs.every((event) => event.type === 'epoch' && event.train.loss !== null)).toBe(true);
    expect(endOf(events)).toMatchObject({ status: 'diverged', test: null });
    expect(endOf(events).diverged).toEqual({ step: 1, node: 'out', what: 'parameter', tensor: 'out.W' });
  });

  it('is given up when the run is stopped meanwhile', async () => {
    const controls = new LiveControls();
    const events = await trainXor({
      controls,
      changes: { 'training.epochs': 1, 'training.batchSize': 800 },
      // Behind the only step of the epoch comes nothing but the measurement of dev.
      onEvent: ({ type }) => void (type === 'steps' && controls.want('stop'))
    });
    expect(events.map(({ type }) => type)).toEqual(['steps', 'end']);
    expect(endOf(events).status).toBe('stopped');
  });
});

describe('the batches of an epoch', () => {
  it('hold every training row exactly once, in an order of their own', () => {
    const rows = Int32Array.from({ length: 103 }, (_, i) => i + 1000);
    const [first, second] = [1, 2].map((epoch) =>
      epochBatches(rows, 10, 42, epoch).take(0, 11, 1, () => ({ learningRate: 0.1 }))
    );
    expect([...first!.counts]).toEqual([...Array(10).fill(10), 3]);
    expect(Int32Array.from(first!.rows.slice(0, 103)).sort()).toEqual(rows);
    expect(first!.rows).not.toEqual(second!.rows);
  });
});

describe('choosing a backend', () => {
  const { experiment } = checkExperiment(presetSpec('xor'), [xor.info]);
  const plan = makePlan(experiment!, { shape: [2], classes: 2, values: [] });
  const table = { ...xor, scale: Float32Array.of(1, 1), shift: Float32Array.of(0, 0) };
  const initial = initialParameters(plan, 1);
  const sample = epochBatches(
    Int32Array.from({ length: 100 }, (_, i) => i),
    plan.batchSize,
    1,
    1
  ).take(0, 4, 1, stepNumbers(experiment!, 4));
  const options = {
    prepare: { plan, table, host: { ...plainHost, nowMs: () => performance.now() }, threads: 1 },
    sample,
    initial
  };
  /** The reference backend under another name, each step of its training slowed by a spin. */
  const slowed = (name: Backend['name'], ms: number): Backend => ({
    ...reference,
    name,
    unavailable: () => Promise.resolve(null),
    async prepare(given) {
      const engine = await reference.prepare(given);
      const train: typeof engine.train = async (batches, sums) => {
        const done = await engine.train(batches, sums);
        for (const until = performance.now() + ms * batches.steps; performance.now() < until;);
        return done;
      };
      return Object.assign(Object.create(engine), {
        backend: name,
        train,
        write: engine.write.bind(engine),
        close: engine.close.bind(engine),
        read: engine.read.bind(engine)
      });
    }
  });

  it('measures those that may be chosen and takes the fastest, with fresh parameters', async () => {
    const backends = [
      slowed('webgpu', 5),
      slowed('wasm', 0),
      { ...reference, name: 'webgl2' as const, unavailable: () => Promise.resolve('a software GPU') }
    ];
    const { engine, candidates, why } = await chooseEngine({ request: 'auto', backends, ...options });
    expect(engine.backend).toBe('wasm');
    expect(candidates.map(({ backend, reason }) => [backend, reason])).toEqual([
      ['webgpu', null],
      ['wasm', null],
      ['webgl2', 'a software GPU']
    ]);
    expect(why).toMatch(/fastest on this network/);
    expect(await engine.read('w')).toEqual(initial);
  });

  it('says of a batch too large for every backend which one would fit', async () => {
    const { plan } = options.prepare;
    const prepare = { ...options.prepare, plan: { ...plan, batchSize: 2 ** 28 } };
    const backends = [slowed('wasm', 0), { ...reference, unavailable: () => Promise.resolve('too slow') }];
    await expect(chooseEngine({ request: 'auto', backends, ...options, prepare })).rejects.toMatchObject({
      code: 'out_of_memory',
      details: { largestBatch: expect.any(Number) }
    });
  });

  it('says which batch fits best where memory is all that every backend lacks', async () => {
    const fits = (name: 'wasm' | 'webgl2', largestBatch: number): Backend => ({
      ...reference,
      name,
      unavailable: () => Promise.resolve(null),
      prepare: () => Promise.reject(new LabError('out_of_memory', `At most ${largestBatch}.`, { largestBatch }))
    });
    const none = { ...reference, unavailable: () => Promise.resolve('there is no GPU') };
    const choosing = chooseEngine({
      request: 'auto',
      backends: [fits('webgl2', 7), none, fits('wasm', 9)],
      ...options
    });
    await expect(choosing).rejects.toMatchObject({ code: 'out_of_memory', message: 'At most 9.' });
  });

  it('refuses a backend that cannot run here, saying why', async () => {
    const backends = [{ ...reference, unavailable: () => Promise.resolve('there is no GPU') }];
    await expect(chooseEngine({ request: 'reference', backends, ...options })).rejects.toThrow(
      /reference cannot run here: there is no GPU/
    );
  });
});
