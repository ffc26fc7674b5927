import { describe, expect, it } from 'vitest';
import { wasm } from '../../../src-worker/backends/wasm/wasm.ts';
import { reference } from '../../../src-worker/backends/reference/reference.ts';
import { layersEventSchema, type ObservedLayer } from '../../../src-worker/contract/layers.ts';
import { distributionOf } from '../../../src-worker/observe/distribution.ts';
import { prepareObserver } from '../../../src-worker/observe/observer.ts';
import { probeInputs, probeRows } from '../../../src-worker/observe/probe.ts';
import { metricsOf } from '../../../src-worker/train/measures.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { epochBatches } from '../../../src-worker/train/epoch-batches.ts';
import { stepNumbers } from '../../../src-worker/train/step-numbers.ts';
import { plainHost } from '../../support/backends.ts';
import { networkOf, planOf, smallExperiments, tableOf, type SmallExperiment } from '../../support/experiments.ts';
import { xorPlan } from '../../support/train-xor.ts';

const train = Int32Array.from({ length: 60 }, (_, i) => i);

function smallOf(of: SmallExperiment) {
  const plan = planOf(of);
  const table = tableOf(of);
  return { plan, table, network: networkOf(of), train, w: initialParameters(plan, 3) };
}

const dense = (id: string, units: number) => ({ kind: 'dense', id, units });
const named = (title: string) => smallExperiments.find((one) => one.title === title)!;

/** Puts numbers into one parameter of an arena. */
function fill({ plan, w }: Pick<ReturnType<typeof smallOf>, 'plan' | 'w'>, name: string, values: number[]): void {
  const { at, size } = plan.parameters.find((parameter) => parameter.name === name)!;
  for (let i = 0; i < size; i++) w[at + i] = values[i % values.length]!;
}

const layerOf = (layers: readonly ObservedLayer[], node: string) => layers.find((layer) => layer.node === node)!;

describe('an observer', () => {
  it.each(smallExperiments.map((of) => [of.title, of] as const))(
    'sees what the reference backend has: %s',
    async (_, of) => {
      const small = smallOf(of);
      const { plan, table, w } = small;
      const { layers, examples } = prepareObserver(small).observe(0, w);
      expect(examples).toBe(60);
      const inputs = probeInputs(plan, table, probeRows(train, plan.seed));
      for (const { value, at, size } of plan.parameters) inputs.set(value, w.subarray(at, at + size));
      const written = await reference.run({ batchSize: 60, tensors: plan.tensors, ops: plan.gradients }, inputs);
      const known = new Map([...inputs, ...written].map(([tensor, values]) => [tensor.name, values]));
      const compare = (seen: ObservedLayer['activations'] | null, name: string) => {
        const values = known.get(name);
        if (!values) return expect(seen).toBeNull();
        const { mean, sd, limit, count } = distributionOf(values);
        expect(seen!.count).toBe(count);
        const tolerance = 1e-3 * limit! + 1e-7;
        for (const [one, other] of [
          [seen!.mean, mean],
          [seen!.sd, sd],
          [seen!.limit, limit],
          [seen!.min, Math.min(...Array.from(values))],
          [seen!.max, Math.max(...Array.from(values))]
        ])
          expect(Math.abs(one! - other!)).toBeLessThan(tolerance);
      };
      expect(layers.length).toBeGreaterThan(2);
      for (const { node, activations, gradients, weights } of layers) {
        compare(activations, `${node}.y`);
        compare(gradients, `${node}.dy`);
        for (const { name, values, gradients: slopes } of weights) {
          compare(values, name);
          compare(slopes, name.replace('.', '.d'));
        }
      }
    }
  );

  it('names layers in the order of computation, without those that are only another view', () => {
    const { layers } = prepareObserver(smallOf(named('norms of every example by itself'))).observe(
      0,
      smallOf(named('norms of every example by itself')).w
    );
    const kinds = ['input', 'conv2d', 'instance-norm', 'relu', 'conv2d', 'group-norm', 'relu', 'dense', 'layer-norm'];
    expect(layers.map(({ kind }) => kind)).toEqual([...kinds, 'relu', 'dense']);
    expect(layers[0]).toMatchObject({ gradients: null, weights: [] });
  });

  it('answers the same however often it has looked, and after other weights in between', () => {
    const small = smallOf(named('batch norm of images'));
    const observer = prepareObserver(small);
    const first = observer.observe(3, small.w);
    observer.observe(
      4,
      small.w.map((value) => value * 1.5)
    );
    expect(observer.observe(3, small.w)).toEqual(first);
    expect(first.step).toBe(3);
  });

  it('leaves out the chance of dropout', () => {
    const small = smallOf(named('dropout'));
    const { layers } = prepareObserver(small).observe(0, small.w);
    expect(layerOf(layers, 'n3').activations).toEqual(layerOf(layers, 'n2').activations);
  });

  it('counts the units of relu that no example wakes', () => {
    const small = smallOf({ title: '', nodes: [dense('h', 4), { kind: 'relu', id: 'a' }, dense('out', 3)] });
    fill(small, 'h.b', [-1e3, 0, -1e3, 1e3]);
    const { layers } = prepareObserver(small).observe(0, small.w);
    expect(layerOf(layers, 'a').units).toEqual({ count: 4, dead: 2 });
    expect(layerOf(layers, 'a').activations.zeros).toBeGreaterThanOrEqual(0.5);
    expect(layerOf(layers, 'h').units).toBeUndefined();
  });

  it('counts a channel as dead only where it is 0 at every pixel', () => {
    const conv = { kind: 'conv2d', id: 'c', filters: 3, kernel: 3, padding: 'same' };
    const nodes = [conv, { kind: 'relu', id: 'a' }, { kind: 'flatten', id: 'f' }, dense('out', 3)];
    const small = smallOf({ title: '', nodes, shape: [6, 5, 2] });
    fill(small, 'c.b', [-1e3, 0, 0]);
    const { layers } = prepareObserver(small).observe(0, small.w);
    expect(layerOf(layers, 'a').units).toEqual({ count: 3, dead: 1 });
  });

  it.each([
    // 4·y·(1 − y) is 1/20 at y = σ(4.357), 1 − y² at y = tanh(2.1785).
    ['sigmoid', 4.35, 0],
    ['sigmoid', 4.37, 1],
    ['tanh', 2.17, 0],
    ['tanh', -2.19, 1]
  ])('takes %s of %d as saturated: %d', (kind, at, share) => {
    const small = smallOf({ title: '', nodes: [dense('h', 2), { kind, id: 'a' }, dense('out', 3)] });
    fill(small, 'h.W', [0]);
    fill(small, 'h.b', [at]);
    const { layers } = prepareObserver(small).observe(0, small.w);
    expect(layerOf(layers, 'a').saturated).toBe(share);
    expect(layerOf(layers, 'h').saturated).toBeUndefined();
  });

  it('tells what is not finite as such', () => {
    const small = smallOf(named('dropout'));
    fill(small, 'n1.W', [NaN]);
    const event = prepareObserver(small).observe(0, small.w);
    expect(event.loss).toBeNull();
    expect(layerOf(event.layers, 'n1').activations).toMatchObject({ mean: null, min: null, max: null, histogram: [] });
    expect(layersEventSchema.safeParse(JSON.parse(JSON.stringify(event))).success).toBe(true);
  });

  it('has the length of the last update beside that of the weights, of a real step', async () => {
    const { experiment, plan, table, splits, initial } = xorPlan({
      'training.optimizer': { kind: 'sgd', learningRate: 0.5 }
    });
    const engine = await wasm.prepare({ plan, table, host: plainHost, threads: 1 });
    await engine.write('w', initial);
    const batches = epochBatches(splits.train, plan.batchSize, 1, 1);
    const chunk = batches.take(0, 1, 1, stepNumbers(experiment, batches.steps));
    const observer = prepareObserver({ network: experiment.network, plan, table, train: splits.train });
    expect(observer.observe(0, initial).layers.flatMap(({ weights }) => weights.map(({ ratio }) => ratio))).toEqual([
      ...[null, null]
    ]);
    await engine.train(
      chunk,
      plan.measures.map(() => new Float64Array(1))
    );
    const after = await engine.read('w');
    const { layers } = observer.observe(1, after, initial);
    const { at, size } = plan.parameters.find(({ name }) => name === 'h1.W')!;
    const norm = (values: readonly number[]) => Math.hypot(...values);
    const [old, fresh] = [initial, after].map((arena) => [...arena.subarray(at, at + size)]);
    const expected = norm(fresh!.map((value, i) => value - old![i]!)) / norm(old!);
    expect(expected).toBeGreaterThan(1e-4);
    expect(layerOf(layers, 'h1').weights[0]!.ratio).toBeCloseTo(expected, 3 - Math.floor(Math.log10(expected)));
    await engine.close();
  });

  it('measures the loss of its examples, of several outputs by their shares', async () => {
    for (const title of ['several heads', 'two outputs that are views of one layer, which also goes on']) {
      const small = smallOf(named(title));
      const { plan, table, w } = small;
      const engine = await reference.prepare({ plan, table, host: plainHost, threads: 1 });
      await engine.write('w', w);
      const metrics = metricsOf(plan, await engine.evaluate(probeRows(train, plan.seed)), 60);
      expect(prepareObserver(small).observe(0, w).loss).toBeCloseTo(metrics.loss!, 2);
    }
  });

  it('looks at 64 examples at most, the same ones for the same seed, and at fewer where there are fewer', () => {
    const many = Int32Array.from({ length: 1000 }, (_, i) => 2 * i);
    const rows = probeRows(many, 7);
    expect(rows).toHaveLength(64);
    expect(new Set(rows).size).toBe(64);
    expect([...rows].every((row) => row % 2 === 0 && row < 2000)).toBe(true);
    expect(probeRows(many, 7)).toEqual(rows);
    expect(probeRows(many, 8)).not.toEqual(rows);
    expect([...probeRows(Int32Array.of(5, 9), 7)].toSorted()).toEqual([5, 9]);
  });

  it('fits into some hundred bytes a layer', () => {
    const small = smallOf(named('norms of every example by itself'));
    const event = prepareObserver(small).observe(
      100,
      small.w,
      small.w.map((value) => value * 0.999)
    );
    expect(layersEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
    expect(JSON.stringify(event).length / event.layers.length).toBeLessThan(700);
  });
});
