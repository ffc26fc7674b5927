/** Every backend against the reference in float64: each operation on awkward shapes, each layer and optimizer of the tables, training. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src-worker/backends/backend.ts';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { layers } from '../../src-worker/layers/table.ts';
import { optimizers } from '../../src-worker/optimizers/table.ts';
import { ProgramBuilder, type Recorder } from '../../src-worker/plan/builder.ts';
import { sizeOf, tensorsOf, windowsOver, type Op, type Tensor, type Window } from '../../src-worker/plan/program.ts';
import { nodeBackends, plainHost } from '../support/backends.ts';
import { layerProgram, runCrossEntropy } from '../support/programs.ts';
import { openSession } from '../../src-worker/verify/session.ts';
import { imageCases } from '../worker/backends/image-cases.ts';
import { worstOf } from '../worker/backends/op-cases.ts';
import { BATCH, drawInputs, gradientCases } from './layer-cases.ts';

const oracle = referenceBackend('float64');

function draw(size: number, stream: string): Float32Array {
  const random = randomStream(11, `init/${stream}`);
  return Float32Array.from({ length: size }, () => random.normal());
}

/** Largest difference, relative to the largest value: float32 sums of a few hundred terms stay below 3e-5. */
function difference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let worst = 0;
  let largest = 1e-6;
  for (let i = 0; i < wanted.length; i++) {
    worst = Math.max(worst, Math.abs(got[i]! - wanted[i]!));
    largest = Math.max(largest, Math.abs(wanted[i]!));
  }
  expect(got.length).toBe(wanted.length);
  return worst / largest;
}

/** Every layer with settings and shapes of all sorts, on full batches: of two examples alone batch norm knows little. */
const smallLayers = Object.values(layers)
  .filter(({ forward }) => forward)
  .flatMap(gradientCases)
  .filter(({ real }) => real === BATCH);

type Write = (tensor: (name: string, shape: number[], perExample: boolean) => Tensor, record: Recorder) => void;

/** Runs the operations that `write` records on both, with the same random inputs, and compares whatever was written. */
async function agrees(backend: Backend, batchSize: number, write: Write): Promise<void> {
  const builder = new ProgramBuilder();
  const ops: Op[] = [];
  write((name, shape, perExample) => builder.tensor(name, shape, { perExample }), builder.record(ops));
  const program = { batchSize, tensors: builder.tensors, ops };
  const written = new Set<Tensor>();
  const inputs = new Map<Tensor, Float32Array>();
  for (const { reads, writes } of ops.map(tensorsOf)) {
    for (const tensor of reads)
      if (!written.has(tensor))
        inputs.set(tensor, draw(sizeOf(tensor.shape) * (tensor.perExample ? batchSize : 1), tensor.name));
    for (const tensor of writes) written.add(tensor);
  }
  const [got, wanted] = [await backend.run(program, inputs), await oracle.run(program, inputs)];
  expect(got.size).toBe(wanted.size);
  for (const [tensor, values] of wanted) expect(difference(got.get(tensor)!, values), tensor.name).toBeLessThan(3e-5);
}

/** [B, I, O]: ones, odd numbers, multiples of the register tile and one more, a long inner axis. */
const sizes = [
  [1, 1, 1],
  [1, 7, 3],
  [3, 1, 5],
  [5, 9, 8],
  [4, 8, 16],
  [17, 33, 13],
  [6, 300, 31],
  [70, 13, 100]
] as const;

/** Windows over images with enough channels and filters to fill a register tile, or one more; ragged borders, gaps, one pixel. */
const images: readonly { batch: number; image: [number, number, number]; filters: number; window: Window }[] = [
  { batch: 5, image: [1, 1, 17], filters: 8, window: { kernel: [1, 1], stride: [1, 1], pad: [0, 0, 0, 0] } },
  { batch: 2, image: [1, 1, 4], filters: 7, window: { kernel: [3, 3], stride: [1, 1], pad: [1, 1, 1, 1] } },
  { batch: 3, image: [7, 6, 8], filters: 17, window: { kernel: [3, 3], stride: [1, 1], pad: [1, 1, 1, 1] } },
  { batch: 2, image: [9, 8, 16], filters: 24, window: { kernel: [3, 3], stride: [1, 1], pad: [0, 0, 0, 0] } },
  { batch: 3, image: [6, 7, 17], filters: 9, window: { kernel: [3, 3], stride: [1, 1], pad: [2, 0, 0, 2] } },
  { batch: 3, image: [6, 9, 8], filters: 12, window: { kernel: [3, 3], stride: [1, 1], pad: [2, 0, 1, 2] } },
  { batch: 2, image: [5, 6, 12], filters: 8, window: { kernel: [3, 3], stride: [1, 1], pad: [2, 2, 0, 2] } },
  { batch: 2, image: [5, 6, 8], filters: 8, window: { kernel: [2, 2], stride: [1, 1], pad: [1, 0, 0, 1] } },
  { batch: 3, image: [8, 8, 7], filters: 4, window: { kernel: [4, 2], stride: [2, 2], pad: [1, 1, 0, 0] } },
  { batch: 2, image: [10, 9, 3], filters: 16, window: { kernel: [3, 3], stride: [2, 2], pad: [0, 1, 0, 1] } },
  { batch: 3, image: [9, 11, 8], filters: 9, window: { kernel: [3, 2], stride: [2, 1], pad: [1, 1, 0, 1] } },
  { batch: 2, image: [7, 13, 5], filters: 8, window: { kernel: [2, 3], stride: [1, 4], pad: [0, 1, 2, 1] } },
  { batch: 2, image: [8, 9, 8], filters: 8, window: { kernel: [3, 3], stride: [1, 2], pad: [1, 1, 1, 1] } },
  { batch: 2, image: [11, 10, 4], filters: 8, window: { kernel: [5, 5], stride: [3, 3], pad: [2, 2, 1, 0] } },
  { batch: 3, image: [8, 7, 8], filters: 3, window: { kernel: [1, 2], stride: [3, 3], pad: [0, 0, 0, 1] } },
  { batch: 2, image: [13, 12, 1], filters: 8, window: { kernel: [5, 5], stride: [1, 1], pad: [2, 2, 2, 2] } },
  { batch: 2, image: [4, 4, 8], filters: 1, window: { kernel: [4, 4], stride: [4, 4], pad: [0, 0, 0, 0] } },
  { batch: 70, image: [2, 2, 3], filters: 8, window: { kernel: [2, 2], stride: [1, 1], pad: [1, 1, 1, 1] } },
  { batch: 1, image: [5, 5, 260], filters: 140, window: { kernel: [3, 3], stride: [1, 1], pad: [1, 1, 1, 1] } }
];
/** Windows of border alone: their largest value is −∞, of which each backend has an idea of its own. */
const borderAlone: (typeof images)[number] = {
  ...{ batch: 2, image: [3, 2, 8], filters: 9 },
  window: { kernel: [2, 2], stride: [2, 2], pad: [3, 4, 2, 2] }
};
const imageTitle = ({ image, filters, window: { kernel, stride, pad } }: (typeof images)[number]) =>
  `${image.join('×')}, ${filters} filters of ${kernel.join('×')}, stride ${stride.join('×')}, border ${pad.join(' ')}`;

describe.each(nodeBackends)('%s', (_, backend) => {
  describe.each([...images, borderAlone].map((one) => [imageTitle(one), one] as const))('%s', (_title, one) => {
    const { batch, image, filters, window } = one;
    const output = (channels: number) => [...windowsOver(image, window), channels];

    it('convolves, forward and back, writing and adding', async () => {
      await agrees(backend, batch, (tensor, record) => {
        const [x, dx, sums] = [tensor('x', image, true), tensor('dx', image, true), tensor('sums', [filters], false)];
        const [y, dy] = [tensor('y', output(filters), true), tensor('dy', output(filters), true)];
        const shape = [...window.kernel, image[2], filters];
        const [w, dw, bias] = [tensor('w', shape, false), tensor('dw', shape, false), tensor('bias', [filters], false)];
        record.conv2d({ window, x, w, bias, y });
        record.conv2dBackWeights({ window, x, dy, dw });
        record.conv2dBackWeights({ window, x, dy: y, dw });
        record.sumRows(dy, sums, { add: true });
        record.sumRows(y, sums, { add: true });
        record.conv2dBackInput({ window, dy, w, dx });
        record.conv2dBackInput({ window, dy: y, w, dx });
      });
    });

    it.each(one === borderAlone ? [] : (['max', 'average'] as const))(
      'pools by the %s, forward and back, writing and adding',
      async (kind) => {
        await agrees(backend, batch, (tensor, record) => {
          const [x, dx] = [tensor('x', image, true), tensor('dx', image, true)];
          const [y, dy] = [tensor('y', output(image[2]), true), tensor('dy', output(image[2]), true)];
          const pool = { kind, window, countBorder: true, x, y };
          record.pool2d(pool);
          record.pool2dBack({ ...pool, dy, dx });
          record.pool2dBack({ ...pool, dy, dx });
        });
      }
    );
  });

  describe.each(sizes)('with B = %i, I = %i, O = %i', (B, I, O) => {
    it('multiplies in all three forms, with bias and adding up', async () => {
      await agrees(backend, B, (tensor, record) => {
        const [x, y, dy, dx] = [
          tensor('x', [I], true),
          tensor('y', [O], true),
          tensor('dy', [O], true),
          tensor('dx', [I], true)
        ];
        const [W, b, dW] = [tensor('W', [I, O], false), tensor('b', [O], false), tensor('dW', [I, O], false)];
        record.matmul('NN', x, W, y, { bias: b });
        record.matmul('NN', x, W, y, { add: true });
        record.matmul('TN', x, dy, dW);
        record.matmul('TN', x, y, dW, { add: true });
        record.matmul('NT', dy, W, dx);
        record.matmul('NT', y, W, dx, { add: true });
      });
    });

    it('sums over the batch', async () => {
      await agrees(backend, B, (tensor, record) => {
        const [x, sum] = [tensor('x', [O], true), tensor('sum', [O], false)];
        record.sumRows(x, sum);
        record.sumRows(x, sum, { add: true });
      });
    });

    it('judges by softmax cross-entropy', async () => {
      const labels = Int32Array.from({ length: B }, (_value, b) => b % O);
      const logits = draw(B * O, 'logits').map((value) => 5 * value);
      const [got, wanted] = [
        await runCrossEntropy(backend, logits, labels),
        await runCrossEntropy(oracle, logits, labels)
      ];
      expect(difference(got.losses, wanted.losses)).toBeLessThan(3e-5);
      expect(difference(got.dlogits, wanted.dlogits)).toBeLessThan(3e-5);
      expect([...got.correct]).toEqual([...wanted.correct]);
    });

    it.each(Object.values(layers).filter(({ forward }) => forward))(
      'computes the layer $kind, forward and back',
      async (definition) => {
        // Of two values alone dx is the difference of numbers that are nearly equal, and float32 has no digits of it.
        const settings = definition.kind === 'group-norm' ? { groups: 2 } : {};
        const program = layerProgram({ definition, settings, batchSize: B, inputShape: [I] });
        if (!program) return;
        const inputs = Object.fromEntries(
          Object.values(program.tensors)
            .filter(({ name }) => !['y', 'weight'].includes(name) && (name === 'dy' || !name.startsWith('d')))
            .map(({ name, shape, perExample }) => {
              const values = draw(sizeOf(shape) * (perExample ? B : 1), name);
              return [name, name === 'variance' ? values.map((value) => 0.1 + Math.abs(value)) : values];
            })
        );
        const [got, wanted] = [await program.run(backend, inputs), await program.run(oracle, inputs)];
        for (const [name, values] of Object.entries(wanted))
          expect(difference(got[name]!, values), name).toBeLessThan(3e-5);
      }
    );
  });

  it.each(smallLayers)('computes $title', async (one) => {
    const inputs = drawInputs(one);
    const [got, wanted] = [await one.program.run(backend, inputs), await one.program.run(oracle, inputs)];
    for (const [name, values] of Object.entries(wanted))
      expect(difference(got[name]!, values), name).toBeLessThan(3e-5);
  });

  it.each(imageCases())('computes $title', async (one) => {
    expect(worstOf(one, await backend.run(one.program, one.inputs))).toBeLessThanOrEqual(1);
  });

  it('answers NaN with NaN, never with a number', async () => {
    const { losses, correct } = await runCrossEntropy(
      backend,
      [NaN, 1, 0, 1, NaN, 0, Infinity, 0, 0, 1, 2, 3],
      [0, 0, 0, 2]
    );
    expect([...losses.slice(0, 3)]).toEqual([NaN, NaN, NaN]);
    expect(losses[3]).toBeCloseTo(0.4076, 4);
    expect(correct[3]).toBe(1);
  });

  describe.each(Object.values(optimizers))('optimizer $kind', ({ kind }) => {
    it('takes the same path as the reference, smaller last batches included', async () => {
      const [B, columns, classes] = [24, 6, 3];
      const labels = Uint8Array.from({ length: 60 }, (_value, i) => i % classes);
      const open = (on: Backend) =>
        openSession({
          ...{ backend: on, host: plainHost, threads: 1 },
          layers: [{ kind: 'dense', units: 9 }, { kind: 'tanh' }, { kind: 'dense', units: classes }],
          training: { optimizer: { kind, learningRate: 0.05 } },
          examples: draw(60 * columns, 'examples'),
          shape: [columns],
          target: { labels, classes },
          batchSize: B
        });
      const [ours, theirs] = [await open(backend), await open(oracle)];
      const initial = Object.fromEntries(ours.plan.parameters.map(({ name, size }) => [name, draw(size, name)]));
      for (const session of [ours, theirs]) await session.setParameters(initial);
      for (let step = 0; step < 12; step++) {
        const first = (step * B) % 60;
        const rows = Int32Array.from({ length: Math.min(B, 60 - first) }, (_value, i) => first + i);
        const [[own], [wanted]] = [await ours.train([rows]), await theirs.train([rows])];
        expect(Math.abs(own! - wanted!)).toBeLessThan(2e-5);
      }
      const [got, wanted] = [await ours.parameters(), await theirs.parameters()];
      for (const [name, values] of Object.entries(wanted))
        expect(difference(got[name]!, values), name).toBeLessThan(1e-4);
      const all = Int32Array.from({ length: 60 }, (_value, i) => i);
      const [a, b] = [await ours.engine.evaluate(all), await theirs.engine.evaluate(all)];
      const { loss, correct } = ours.plan.heads[0]!.measures;
      expect(a[loss]).toBeCloseTo(b[loss]!, 3);
      expect(a[correct!]).toBe(b[correct!]);
      for (const session of [ours, theirs]) await session.engine.close();
    });
  });
});
