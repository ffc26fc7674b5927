import { describe, expect, it } from 'vitest';
import { augmenter, mixerOf } from '../../../src-worker/augment/augmenter.ts';
import type { Backend, ExampleTable } from '../../../src-worker/backends/backend.ts';
import { fillOf, type FeedStep } from '../../../src-worker/backends/feed.ts';
import { reference } from '../../../src-worker/backends/reference/reference.ts';
import { wasmBackend } from '../../../src-worker/backends/wasm/wasm.ts';
import type { Kinded } from '../../../src-worker/contract/fields.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import type { FeedSource } from '../../../src-worker/plan/plan.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';
import { nodeHost } from '../../support/node-host.ts';

const SIZE = 28 * 28;
const EXAMPLES = 200;
const BATCH = 64;

/** Images of noise; two columns of values, every seventh of the second missing. */
const table: ExampleTable = (() => {
  const random = randomStream(5, 'generate');
  return {
    examples: Uint8Array.from({ length: EXAMPLES * SIZE }, () => random.below(256)),
    labels: Uint8Array.from({ length: EXAMPLES }, () => random.below(10)),
    values: Float32Array.from({ length: EXAMPLES * 2 }, (_, i) => (i % 14 === 1 ? NaN : random.below(2))),
    scale: new Float32Array(SIZE).fill(1 / 74),
    shift: new Float32Array(SIZE).fill(-1.72)
  };
})();

function experimentWith(augment: readonly unknown[]) {
  let spec: unknown = setPath(presetSpec('fashion-5-layer'), 'data.augment', augment);
  for (const [path, value] of [
    ['data.dataset', 'fashion-mnist-small'],
    ['training.batchSize', BATCH]
  ] as const)
    // prettier-ignore
    spec = setPath(spec, path, value);
  const { experiment, problems } = checkExperiment(spec, describedDatasets);
  if (!experiment) throw new Error(JSON.stringify(problems));
  return experiment;
}
const planWith = (...augment: readonly unknown[]) =>
  makePlan(experimentWith(augment), { shape: [28, 28, 1], classes: 10, values: [] });

const step: FeedStep = {
  rows: Int32Array.from({ length: BATCH + 10 }, (_, b) => (b * 7) % EXAMPLES),
  at: 10,
  count: 50,
  step: 3,
  mode: 'training'
};
function filled(plan: ReturnType<typeof planWith>, source: FeedSource, size: number, at: FeedStep = step) {
  const target = new Float32Array(BATCH * size);
  fillOf(source, size, { ...plan, valueColumns: 2 }, table)(target, 0, BATCH, at);
  return target;
}
const stored = (row: number) => Float32Array.from(table.examples.subarray(row * SIZE, (row + 1) * SIZE));
const rowOf = (b: number) => step.rows[step.at + b]!;
const rowIn = (values: Float32Array, b: number, size = SIZE) => values.subarray(b * size, (b + 1) * size);
const normalized = (image: Float32Array) =>
  image.map((value, i) => Math.fround(value * table.scale[i]! + table.shift[i]!));

describe('augmented examples', () => {
  const specs = [{ kind: 'shift' }, { kind: 'flip' }, 'noise'];
  const plan = planWith(...specs);

  it('are changed as they are stored, each by its own stream of step and place, then normalized', () => {
    const x = filled(plan, { kind: 'example' }, SIZE);
    const change = augmenter(plan.augment, [28, 28, 1], 255)!;
    for (const b of [0, 1, 49]) {
      const image = stored(rowOf(b));
      change(image, randomStream(plan.seed, 'augment', step.step * BATCH + b));
      expect(rowIn(x, b)).toEqual(normalized(image));
      expect(rowIn(x, b)).not.toEqual(normalized(stored(rowOf(b))));
    }
    expect(rowIn(x, 50).every((value) => value === 0)).toBe(true); // only fills the batch up
  });

  it('are others in another step, and the same in whatever parts a batch is filled', () => {
    const x = filled(plan, { kind: 'example' }, SIZE);
    expect(filled(plan, { kind: 'example' }, SIZE, { ...step, step: 4 })).not.toEqual(x);
    const parts = new Float32Array(BATCH * SIZE);
    const fill = fillOf({ kind: 'example' }, SIZE, plan, table);
    for (const [from, to] of [[32, 64], [0, 5], [5, 32]] as const) fill(parts, from, to, step); // prettier-ignore
    expect(parts).toEqual(x);
  });

  it('stay as they are in an evaluation', () => {
    const mixed = planWith(...specs, 'mixup');
    const at = { ...step, mode: 'evaluation' } as const;
    const plain = planWith();
    const sources: [FeedSource, number][] = [
      [{ kind: 'example' }, SIZE],
      [{ kind: 'one-hot' }, 10],
      [{ kind: 'values', columns: [0, 1] }, 2],
      [{ kind: 'present', columns: [0, 1] }, 2]
    ];
    for (const [source, size] of sources)
      expect(filled(mixed, source, size, at)).toEqual(filled(plain, source, size, at));
  });

  it('are refused where there are no pixels, or no such change', () => {
    const of = (dataset: string, augment: unknown) =>
      checkExperiment(setPath(presetSpec(dataset), 'data.augment', augment), describedDatasets).problems;
    expect(of('xor', ['noise', 'mixup'])).toEqual([]);
    expect(of('xor', ['rotate', 'noise', 'blur', { kind: 'mixup', alpha: 0 }])).toMatchObject([
      { path: 'data.augment.2.kind', value: 'blur' },
      { path: 'data.augment.3.alpha' },
      { path: 'data.augment.0', value: 'rotate', remedy: 'Use noise, mixup, or remove it.' }
    ]);
  });
});

describe('mixup', () => {
  const plan = planWith('mixup');
  const random = randomStream(plan.seed, 'augment/mix', step.step);
  const share = mixerOf(plan.augment as Kinded[])!(random);
  const shift = 1 + random.below(step.count - 1);
  const partnerOf = (b: number) => rowOf((b + shift) % step.count);

  it('mixes every example with another of its mini-batch, and their classes alike', () => {
    const x = filled(plan, { kind: 'example' }, SIZE);
    const t = filled(plan, { kind: 'one-hot' }, 10);
    for (let b = 0; b < step.count; b++) {
      const [one, two] = [stored(rowOf(b)), stored(partnerOf(b))];
      const mixed = one.map((value, i) => share * value + (1 - share) * two[i]!);
      expect(rowIn(x, b)).toEqual(normalized(mixed));
      const target = new Float32Array(10);
      target[table.labels[rowOf(b)]!]! += share;
      target[table.labels[partnerOf(b)]!]! += 1 - share;
      for (const [k, value] of rowIn(t, b, 10).entries()) expect(value).toBeCloseTo(target[k]!, 6);
      expect(rowIn(t, b, 10).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    }
  });

  it('mixes values that are known on both sides, and no others', () => {
    const columns = [0, 1];
    const [v, known] = [filled(plan, { kind: 'values', columns }, 2), filled(plan, { kind: 'present', columns }, 2)];
    for (let i = 0; i < step.count * 2; i++) {
      const [b, j] = [i >> 1, i & 1];
      const [one, two] = [table.values[rowOf(b) * 2 + j]!, table.values[partnerOf(b) * 2 + j]!];
      const isKnown = !Number.isNaN(one) && !Number.isNaN(two);
      expect(known[i]).toBe(isKnown ? 1 : 0);
      expect(v[i]).toBeCloseTo(isKnown ? share * one + (1 - share) * two : 0, 6);
    }
    expect(new Set(known.subarray(0, step.count * 2))).toEqual(new Set([0, 1]));
  });

  it('leaves a mini-batch of one as it is', () => {
    const alone = { ...step, count: 1 };
    const x = rowIn(filled(plan, { kind: 'example' }, SIZE, alone), 0);
    const plain = normalized(stored(rowOf(0)));
    for (const [i, value] of x.entries()) expect(value).toBeCloseTo(plain[i]!, 5);
  });
});

describe('training on augmented examples', () => {
  const large = 256; // cut into shards, which threads share
  const specs = ['rotate', 'shift', 'cutout', 'noise', 'mixup'];
  const experiment = setPath(experimentWith(specs), 'training.batchSize', large);
  const plan = makePlan(experiment, { shape: [28, 28, 1], classes: 10, values: [] });

  async function train(backend: Backend, threads: number) {
    const engine = await backend.prepare({ plan, table, host: nodeHost(threads), threads });
    await engine.write('w', initialParameters(plan, 1));
    const sums = plan.measures.map(() => new Float64Array(2));
    const rows = Int32Array.from({ length: 2 * large }, (_, i) => (i * 3) % EXAMPLES);
    const numbers = { learningRate: new Float64Array(2).fill(1e-3) };
    await engine.train({ steps: 2, rows, counts: Int32Array.of(large, 100), firstStep: 1, numbers }, sums);
    const evaluated = await engine.evaluate(rows.subarray(0, BATCH));
    await engine.close();
    return { losses: [...sums[plan.heads[0]!.measures.loss]!], evaluated, threads: engine.threads };
  }

  it('gives the same bits with one, two and three threads, and what the reference gives', async () => {
    const wasm = wasmBackend({ variant: 'simd' });
    const [one, two, three] = [await train(wasm, 1), await train(wasm, 2), await train(wasm, 3)];
    expect([one.threads, two.threads, three.threads]).toEqual([1, 2, 3]);
    for (const other of [two, three]) {
      expect(other.losses).toEqual(one.losses);
      expect(other.evaluated).toEqual(one.evaluated);
    }
    const exact = await train(reference, 1);
    for (const [s, loss] of exact.losses.entries()) expect(one.losses[s]! / loss).toBeCloseTo(1, 5);
    expect(one.evaluated[0]! / exact.evaluated[0]!).toBeCloseTo(1, 5);
  });
});
