/** What convolutions touch: their scratch and their results, and nothing beside them. Their values are the conformance suite's part. */
import { describe, expect, it } from 'vitest';
import { scratchOf } from '../../../src-worker/backends/wasm/convolution.ts';
import { loadKernels } from '../../../src-worker/backends/wasm/kernels.ts';
import { takeMemory } from '../../../src-worker/backends/wasm/layout.ts';
import { callOf } from '../../../src-worker/backends/wasm/steps.ts';
import { sizeOf, tensorsOf, windowsOver, type Op, type Tensor, type Window } from '../../../src-worker/plan/program.ts';

const IMAGES = 5;
const UNTOUCHED = 12_345;

interface Case {
  readonly title: string;
  readonly image: readonly [number, number, number];
  readonly filters: number;
  readonly window: Window;
}

const cases: Case[] = [
  { title: 'one channel', image: [6, 5, 1], filters: 3, window: { kernel: [3, 3], stride: [1, 1], pad: [1, 1, 1, 1] } },
  { title: 'no border', image: [6, 6, 8], filters: 12, window: { kernel: [3, 3], stride: [1, 1], pad: [0, 0, 0, 0] } },
  {
    title: 'Winograd tiles',
    image: [14, 14, 8],
    filters: 16,
    window: { kernel: [3, 3], stride: [1, 1], pad: [1, 1, 1, 1] }
  },
  {
    title: 'ragged tiles',
    image: [5, 7, 12],
    filters: 8,
    window: { kernel: [3, 3], stride: [1, 1], pad: [2, 1, 0, 1] }
  },
  { title: 'strides', image: [9, 8, 4], filters: 9, window: { kernel: [2, 4], stride: [3, 3], pad: [0, 1, 2, 2] } },
  {
    title: 'a stride each way',
    image: [9, 11, 5],
    filters: 9,
    window: { kernel: [2, 4], stride: [1, 3], pad: [0, 1, 2, 2] }
  },
  {
    title: 'gaps between rows',
    image: [10, 8, 4],
    filters: 6,
    window: { kernel: [2, 3], stride: [4, 1], pad: [0, 0, 1, 1] }
  },
  { title: 'tiny images', image: [1, 2, 8], filters: 8, window: { kernel: [3, 3], stride: [1, 1], pad: [1, 1, 1, 1] } }
];

function operationsOf({ image, filters, window }: Case): Op[] {
  let id = 0;
  const tensor = (name: string, shape: readonly number[], perExample = true): Tensor => ({
    ...{ id: id++, name, shape, perExample, type: 'f32' }
  });
  const [x, dx] = [tensor('x', image), tensor('dx', image)];
  const [y, dy] = ['y', 'dy'].map((name) => tensor(name, [...windowsOver(image, window), filters])) as [Tensor, Tensor];
  const weights = [...window.kernel, image[2], filters];
  const [w, dw, bias] = [tensor('w', weights, false), tensor('dw', weights, false), tensor('bias', [filters], false)];
  return [
    { op: 'conv2d', window, x, w, bias, y },
    { op: 'conv2dBackInput', window, dy, w, dx, add: false },
    { op: 'conv2dBackInput', window, dy, w, dx, add: true },
    { op: 'conv2dBackWeights', window, x, dy, dw, add: false },
    { op: 'conv2dBackWeights', window, x, dy, dw, add: true }
  ];
}

describe.each(['simd', 'relaxed'] as const)('convolutions of the %s build', (variant) => {
  const memory = takeMemory(1 << 23, false);
  const kernels = loadKernels(memory, variant, false);

  describe.each(cases)('over $title', (one) => {
    it.each(operationsOf(one))('write their result and their scratch alone: $op', (op) => {
      const floats = new Float32Array(memory.buffer, 1 << 16);
      floats.fill(UNTOUCHED);
      const scratchLength = scratchOf(op) / 4;
      floats.fill(0, 0, 32);
      const places = new Map<number, { at: number; length: number }>();
      let end = scratchLength + 64;
      for (const tensor of [...tensorsOf(op).reads, ...tensorsOf(op).writes]) {
        if (places.has(tensor.id)) continue;
        const length = sizeOf(tensor.shape) * (tensor.perExample ? IMAGES : 1);
        places.set(tensor.id, { at: end, length });
        floats.fill(0.5, end, end + length);
        end += length + 64;
      }
      const [result] = tensorsOf(op).writes;
      callOf(op, {
        kernels,
        address: ({ id }) => (1 << 16) + 4 * places.get(id)!.at,
        range: { first: 0, count: IMAGES },
        scratch: 1 << 16,
        loops: () => {
          throw new Error('There is no formula among them.');
        }
      })();
      expect([...floats.subarray(0, 32)]).toEqual(Array(32).fill(0));
      expect([...floats.subarray(scratchLength, scratchLength + 64)]).toEqual(Array(64).fill(UNTOUCHED));
      for (const [id, { at, length }] of places) {
        const inside = floats.subarray(at, at + length);
        if (id === result!.id) expect(inside.includes(UNTOUCHED)).toBe(false);
        else expect(inside.every((value) => value === 0.5)).toBe(true);
        expect([...floats.subarray(at + length, at + length + 64)]).toEqual(Array(64).fill(UNTOUCHED));
      }
    });
  });
});
