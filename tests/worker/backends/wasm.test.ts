import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../src-worker/backends/reference/reference.ts';
import { compileLoops } from '../../../src-worker/backends/wasm/emit-map.ts';
import { loadKernels, type Variant } from '../../../src-worker/backends/wasm/kernels.ts';
import { layOut, takeMemory } from '../../../src-worker/backends/wasm/layout.ts';
import { flatAxes } from '../../../src-worker/backends/wasm/loop-axes.ts';
import { startHelpers } from '../../../src-worker/backends/wasm/threads.ts';
import { fuse, opOf } from '../../../src-worker/backends/wasm/fuse.ts';
import { wasmBackend } from '../../../src-worker/backends/wasm/wasm.ts';
import type { LabError } from '../../../src-worker/contract/errors.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { evaluateUniform, scalarFunctions } from '../../../src-worker/formula/fold.ts';
import { functions, parseFormula, type FunctionName } from '../../../src-worker/formula/parse.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import type { Plan } from '../../../src-worker/plan/plan.ts';
import { tensorsOf } from '../../../src-worker/plan/program.ts';
import { bytesOf } from '../../../src-worker/plan/size.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';
import { planOf } from '../../support/experiments.ts';
import { nodeHost } from '../../support/node-host.ts';

const { experiment } = checkExperiment(presetSpec('fashion-5-layer'), describedDatasets);
const cnn = checkExperiment(presetSpec('small-cnn'), describedDatasets).experiment!;
const EXAMPLES = 500;
const DATA = { shape: [28, 28, 1], classes: 10, values: [] };

/** Images of noise with labels that depend on them, as bytes. */
const table = (() => {
  const random = randomStream(9, 'generate');
  const examples = Uint8Array.from({ length: EXAMPLES * 784 }, () => random.below(256));
  const labels = Uint8Array.from({ length: EXAMPLES }, (_, i) => (examples[i * 784]! * 10) >> 8);
  const standard = { scale: new Float32Array(784).fill(1 / 74), shift: new Float32Array(784).fill(-1.72) };
  return { examples, labels, values: new Float32Array(), ...standard };
})();

/** The first head's of all that is measured. */
const lossOf = <T>({ heads }: Plan, sums: ArrayLike<T>): T => sums[heads[0]!.measures.loss]!;
const lossesOf = (plan: Plan, sums: readonly Float64Array[]): Float64Array => lossOf(plan, sums);

/** Loss of every step and the last parameters; the third batch of five is a small one. */
async function trainOn(variant: Variant, threads: number, batchSize: number, network = experiment!) {
  const spec = setPath(network, 'training.batchSize', batchSize);
  const plan = makePlan(spec, DATA);
  const engine = await wasmBackend({ variant }).prepare({ plan, table, host: nodeHost(threads), threads });
  await engine.write('w', initialParameters(plan, 42));
  const counts = Int32Array.of(batchSize, batchSize, 5, batchSize - 1, batchSize);
  const rows = Int32Array.from({ length: 5 * batchSize }, (_, i) => (i * 7) % EXAMPLES);
  const sums = plan.measures.map(() => new Float64Array(5));
  const batches = { steps: 5, rows, counts, firstStep: 1, numbers: { learningRate: new Float64Array(5).fill(1e-3) } };
  await engine.train(batches, sums);
  const evaluated = await engine.evaluate(Int32Array.from({ length: EXAMPLES }, (_, i) => i));
  const parameters = await engine.read('w');
  const { threads: used, detail } = engine;
  await engine.close();
  return { losses: [...lossesOf(plan, sums)], evaluated, parameters, used, detail, shards: plan.shards };
}

describe.each(['simd', 'relaxed'] as const)('training on the %s build', (variant) => {
  it('gives the same bits with one, two and three threads', async () => {
    const [one, two, three] = [
      await trainOn(variant, 1, 256),
      await trainOn(variant, 2, 256),
      await trainOn(variant, 3, 256)
    ];
    expect([one.used, two.used, three.used]).toEqual([1, 2, 3]);
    expect(one.shards).toBe(4);
    for (const other of [two, three]) {
      expect(other.losses).toEqual(one.losses);
      expect(other.evaluated).toEqual(one.evaluated);
      expect(other.parameters).toEqual(one.parameters);
    }
  });

  it('gives the same bits of a convolutional network with one, two and three threads', async () => {
    const [one, two, three] = [
      await trainOn(variant, 1, 64, cnn),
      await trainOn(variant, 2, 64, cnn),
      await trainOn(variant, 3, 64, cnn)
    ];
    expect([one.used, two.used, three.used]).toEqual([1, 2, 3]);
    for (const other of [two, three]) {
      expect(other.losses).toEqual(one.losses);
      expect(other.evaluated).toEqual(one.evaluated);
      expect(other.parameters).toEqual(one.parameters);
    }
  });

  it('names its build and its threads', async () => {
    expect((await trainOn(variant, 2, 128)).detail).toBe(`${variant === 'simd' ? 'SIMD' : 'relaxed SIMD'}, 2 threads`);
  });
});

it('keeps its threads in step over many short calls of every kind', async () => {
  const plan = makePlan(setPath(experiment!, 'training.batchSize', 256), DATA);
  const lossesWith = async (threads: number) => {
    const engine = await wasmBackend({ variant: 'simd' }).prepare({ plan, table, host: nodeHost(threads), threads });
    await engine.write('w', initialParameters(plan, 1));
    const losses: number[] = [];
    for (let call = 0; call < 100; call++) {
      const steps = 1 + (call % 2);
      const rows = Int32Array.from({ length: steps * 256 }, (_, i) => (i * 13 + call * 71) % EXAMPLES);
      const counts = new Int32Array(steps).fill(256);
      counts[steps - 1] = 1 + ((call * 37) % 64); // most shards have no rows: threads arrive at very different times
      const sums = plan.measures.map(() => new Float64Array(steps));
      const numbers = { learningRate: new Float64Array(steps).fill(1e-3) };
      await engine.train({ steps, rows, counts, firstStep: 2 * call + 1, numbers }, sums);
      losses.push(...lossesOf(plan, sums), lossOf(plan, await engine.evaluate(rows.subarray(0, 20))));
    }
    await engine.close();
    return losses;
  };
  expect(await lossesWith(2)).toEqual(await lossesWith(1));
});

it('computes each relu in the epilogue of the product before it', () => {
  const plan = makePlan(experiment!, DATA);
  expect(fuse(plan.gradients).filter(({ op }) => op === 'withRelu')).toHaveLength(4);
  expect(fuse(plan.evaluation).filter(({ op }) => op === 'map')).toHaveLength(0);
});

it('computes batch norm and the relu behind it in one formula, and writes nothing that an output is', () => {
  const formulas = (kind: string) => {
    const nodes = [{ kind: 'dense', units: 8 }, { kind: 'batch-norm' }, { kind }, { kind: 'dense', units: 3 }];
    const plan = planOf({ title: kind, nodes });
    const steps = fuse(plan.gradients).map(opOf);
    const written = new Set(steps.flatMap((op) => tensorsOf(op).writes.map(({ name }) => name)));
    return { forward: written.has('n2.y'), behind: written.has('n3.y') };
  };
  expect(formulas('relu')).toEqual({ forward: false, behind: true });
  expect(formulas('gelu')).toEqual({ forward: true, behind: true }); // its gradient reads x
  const { gradients } = planOf({
    title: 'end',
    nodes: [{ kind: 'dense', units: 3 }, { kind: 'tanh' }, { kind: 'relu' }]
  });
  const between = gradients.flatMap((op) => tensorsOf(op).writes).find(({ name }) => name === 'n2.y')!;
  const writes = (kept: Set<number>) => fuse(gradients, kept).flatMap((step) => tensorsOf(opOf(step)).writes);
  expect(writes(new Set([between.id]))).toContainEqual(between);
});

it('takes no more threads than there are shards', async () => {
  expect((await trainOn('simd', 8, 128)).used).toBe(2);
});

it('says why another thread could not start', async () => {
  const plan = makePlan(experiment!, DATA);
  const layout = layOut(plan, { bytesPerValue: 1, threads: 2, uniforms: 4 });
  const memory = takeMemory(1, true); // far too small
  const starting = startHelpers(nodeHost(2), { plan, table, layout, memory, variant: 'simd', threads: 2 });
  await expect(starting).rejects.toThrow(/memory/i);
});

it('agrees with the reference on bytes, shards and smaller batches', async () => {
  const plan = makePlan(setPath(experiment!, 'training.batchSize', 130), DATA);
  const results = [];
  for (const backend of [wasmBackend({ variant: 'simd' }), referenceBackend('float64')]) {
    const engine = await backend.prepare({ plan, table, host: nodeHost(1), threads: 1 });
    await engine.write('w', initialParameters(plan, 7));
    const rows = Int32Array.from({ length: 260 }, (_, i) => i);
    const sums = plan.measures.map(() => new Float64Array(2));
    const batches = {
      steps: 2,
      rows,
      counts: Int32Array.of(130, 33),
      firstStep: 1,
      numbers: { learningRate: Float64Array.of(1e-3, 1e-3) }
    };
    await engine.train(batches, sums);
    results.push({ loss: lossesOf(plan, sums), parameters: await engine.read('w') });
    await engine.close();
  }
  const [got, wanted] = results as [(typeof results)[0], (typeof results)[0]];
  for (let s = 0; s < 2; s++) expect(got.loss[s]! / wanted.loss[s]!).toBeCloseTo(1, 6);
  // Adam's first steps have a size of about the learning rate whatever the gradient, so tiny gradients may fall to either side.
  const far = got.parameters.filter((value, i) => Math.abs(value - wanted.parameters[i]!) > 1e-5).length;
  expect(far / got.parameters.length).toBeLessThan(1e-3);
});

it('agrees with the reference on a convolutional network, relu and all', async () => {
  const plan = makePlan(setPath(cnn, 'training.batchSize', 9), DATA);
  const losses = [];
  for (const backend of [wasmBackend({ variant: 'simd' }), referenceBackend('float64')]) {
    const engine = await backend.prepare({ plan, table, host: nodeHost(1), threads: 1 });
    await engine.write('w', initialParameters(plan, 7));
    const rows = Int32Array.from({ length: 27 }, (_, i) => i);
    const sums = plan.measures.map(() => new Float64Array(3));
    const counts = Int32Array.of(9, 4, 9);
    await engine.train(
      { steps: 3, rows, counts, firstStep: 1, numbers: { learningRate: new Float64Array(3).fill(1e-3) } },
      sums
    );
    losses.push(lossesOf(plan, sums));
    await engine.close();
  }
  for (let s = 0; s < 3; s++) expect(losses[0]![s]! / losses[1]![s]!).toBeCloseTo(1, 4);
});

it('refuses a network that cannot fit, and says which batch would', async () => {
  const plan = { ...makePlan(setPath(experiment!, 'network.nodes.h1.units', 65_536), DATA), batchSize: 65_536 };
  const refused = wasmBackend().prepare({ plan, table, host: nodeHost(1), threads: 1 });
  await expect(refused).rejects.toMatchObject({
    code: 'out_of_memory',
    message: expect.stringMatching(/largest batch that fits is \d+/)
  });
});

it('takes a larger batch than would fit with every value in a place of its own', async () => {
  const plan = { ...makePlan(cnn, DATA), batchSize: 400_000 };
  const endOf = (batchSize: number) =>
    layOut({ ...plan, batchSize }, { bytesPerValue: 1, threads: 1, uniforms: 4 }).end;
  const refused = wasmBackend().prepare({ plan, table, host: nodeHost(1), threads: 1 });
  const { largestBatch } = (await refused.catch(({ details }: LabError) => details)) as { largestBatch: number };
  expect(endOf(largestBatch)).toBeLessThanOrEqual(2 ** 32);
  expect(endOf(largestBatch + 1)).toBeGreaterThan(2 ** 32);
  expect(bytesOf({ ...plan, batchSize: largestBatch })).toBeGreaterThan(2 * 2 ** 32);
});

/**
 * Training with all inputs 0: the first layer's weights get no gradient, so their moments only fade. Answers the largest of them and how
 * many are subnormal after step `last`.
 */
async function fadedMoments(last: number) {
  const plan = makePlan(setPath(experiment!, 'training.batchSize', 16), DATA);
  const black = { ...table, scale: new Float32Array(784), shift: new Float32Array(784) };
  const engine = await wasmBackend().prepare({ plan, table: black, host: nodeHost(1), threads: 1 });
  await engine.write('w', initialParameters(plan, 42));
  await engine.write('m', new Float32Array(plan.arena).fill(1e-40));
  const sums = plan.measures.map(() => new Float64Array(1));
  const rows = Int32Array.from({ length: 16 }, (_, i) => i);
  const [counts, numbers] = [Int32Array.of(16), { learningRate: Float64Array.of(1e-3) }];
  await engine.train({ steps: 1, rows, counts, firstStep: last, numbers }, sums);
  const { at, size } = plan.parameters.find(({ name }) => name === 'h1.W')!;
  const moments = (await engine.read('m')).subarray(at, at + size);
  await engine.close();
  return { largest: Math.max(...moments), subnormal: moments.filter((m) => m !== 0 && Math.abs(m) < 2 ** -126).length };
}

it('sets states that have faded to subnormal numbers to 0 every 64th step', async () => {
  expect(await fadedMoments(63)).toMatchObject({ subnormal: 78_400 });
  expect(await fadedMoments(64)).toEqual({ largest: 0, subnormal: 0 });
});

describe('formulas as SIMD loops', () => {
  /** y = f(a, b, c) over all elements, for any number of them. */
  function compute(expression: string, inputs: Record<string, Float32Array>): Float32Array {
    const memory = takeMemory(1 << 20, false);
    const kernels = loadKernels(memory, 'simd', false);
    const names = ['y', ...Object.keys(inputs)];
    const formula = parseFormula(`y = ${expression}`);
    const rule = { formula, tensors: names, axes: flatAxes(names), reduce: null, add: false };
    const [map] = compileLoops([rule], kernels, memory, false);
    const length = Object.values(inputs)[0]!.length;
    const at = names.map((_, i) => (1 << 16) + i * 65_536 * 2);
    Object.values(inputs).forEach((values, i) => new Float32Array(memory.buffer, at[i + 1], length).set(values));
    const behind = new Float32Array(memory.buffer, at[0]! + length * 4, 4).fill(123);
    map!.run(...at, ...map!.folded.uniforms.map((uniform) => evaluateUniform(uniform, {})), length);
    expect([...behind]).toEqual([123, 123, 123, 123]); // nothing is written over the end
    return new Float32Array(memory.buffer, at[0], length).slice();
  }

  /** Wide ranges, both signs, the neighbourhood of 0 and the special values. */
  const samples = (() => {
    const random = randomStream(4, 'generate');
    const special = [
      0,
      -0,
      1,
      -1,
      0.5,
      0.6249,
      0.6251,
      88.7,
      88.8,
      -87,
      -103.9,
      -104,
      1e-38,
      1e-40,
      3e38,
      -3e38,
      Infinity,
      -Infinity,
      NaN
    ];
    const drawn = Array.from({ length: 4000 }, () => random.normal() * 10 ** (8 * random.uniform() - 6));
    return Float32Array.from([...special, ...drawn]);
  })();

  it.each(Object.keys(functions) as FunctionName[])('%s is right over its whole range', (name) => {
    const names = ['a', 'b', 'c'].slice(0, functions[name]);
    const inputs = Object.fromEntries(
      names.map((input, i) => [
        input,
        Float32Array.from(samples, (_, j) => samples[(j * (2 * i + 1) + i) % samples.length]!)
      ])
    );
    const got = compute(`${name}(${names.join(', ')})`, inputs);
    for (let i = 0; i < got.length; i++) {
      const [a = 0, b = 0, c = 0] = names.map((input) => inputs[input]![i]!);
      const wanted = Math.fround(scalarFunctions[name](a, b, c));
      const label = `${name}(${a}, ${b}, ${c}) = ${got[i]} instead of ${wanted}`;
      if (Number.isNaN(wanted)) expect(name === 'sign' ? 0 : got[i], label).toBe(name === 'sign' ? 0 : NaN);
      else if (!Number.isFinite(wanted)) expect(got[i], label).toBe(wanted);
      else expect(Math.abs(got[i]! - wanted), label).toBeLessThanOrEqual(3e-7 * Math.abs(wanted) + 1e-44);
    }
  });

  it('counts what is smaller than a limit as 0, read or written, and lets NaN and infinity through', () => {
    const memory = takeMemory(1 << 20, false);
    const kernels = loadKernels(memory, 'simd', false);
    const rule = {
      formula: parseFormula('y = x - 1'),
      tensors: ['x', 'y'],
      axes: flatAxes(['x', 'y']),
      reduce: null,
      add: false,
      smallest: { x: 1e-3, y: 1e-2 }
    };
    const [map] = compileLoops([rule], kernels, memory, false);
    const x = [
      3,
      -1,
      0.03,
      0.002,
      0.001,
      -0.002,
      9e-4,
      -9e-4,
      1e-40,
      1.001,
      0.999,
      1.02,
      0,
      NaN,
      Infinity,
      -Infinity
    ].map(Math.fround);
    const [from, to] = [1 << 16, 1 << 17];
    new Float32Array(memory.buffer, from, x.length).set(x);
    map!.run(from, to, ...map!.folded.uniforms.map((uniform) => evaluateUniform(uniform, {})), x.length);
    const without = (value: number, limit: number) => (Math.abs(value) < Math.fround(limit) ? 0 : value);
    const wanted = x.map((value) => without(Math.fround(without(value, 1e-3) - 1), 1e-2));
    expect([...new Float32Array(memory.buffer, to, x.length)]).toEqual(wanted);
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 1023])('handles %i elements', (length) => {
    const x = Float32Array.from({ length }, (_, i) => i - 3);
    expect([...compute('2 * x^2 - x / 4', { x })]).toEqual(
      Array.from(x, (v) => Math.fround(Math.fround(2 * Math.fround(v * v)) - Math.fround(v / 4)))
    );
  });
});
