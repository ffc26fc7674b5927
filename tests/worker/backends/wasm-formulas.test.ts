/** What formulas as loops touch: their results, and nothing beside them. Their values are the conformance suite's part. */
import { describe, expect, it } from 'vitest';
import { compileFormulas } from '../../../src-worker/backends/wasm/emit-map.ts';
import { loadKernels } from '../../../src-worker/backends/wasm/kernels.ts';
import { takeMemory } from '../../../src-worker/backends/wasm/layout.ts';
import { callOf } from '../../../src-worker/backends/wasm/steps.ts';
import { fillMask, maskKey, maskLimit, maskRowKey } from '../../../src-worker/data/mask.ts';
import { sizeOf, tensorsOf, type Tensor } from '../../../src-worker/plan/program.ts';
import { columnCases } from './column-cases.ts';
import { formulaCases } from './formula-cases.ts';

const UNTOUCHED = 12_345;
const FIRST = 1 << 16;

describe('operations between the rows of other threads', () => {
  const memory = takeMemory(1 << 18, false);
  const kernels = loadKernels(memory, 'simd', false);

  it.each([...formulaCases(), ...columnCases()])('write their results alone: $title', ({ program, inputs }) => {
    const { batchSize, ops } = program;
    const floats = new Float32Array(memory.buffer, FIRST);
    floats.fill(UNTOUCHED);
    const places = new Map<Tensor, { at: number; length: number }>();
    let end = 64;
    for (const tensor of program.tensors) {
      const length = sizeOf(tensor.shape) * (tensor.perExample ? batchSize : 1);
      places.set(tensor, { at: end, length });
      floats.set(inputs.get(tensor) ?? new Float32Array(length), end);
      end += length + 64;
    }
    const context = {
      kernels,
      address: (tensor: Tensor) => FIRST + 4 * places.get(tensor)!.at,
      range: { first: 0, count: batchSize },
      scratch: 0,
      loops: compileFormulas(ops, kernels, memory, false)
    };
    for (const op of ops) callOf(op, context)();
    const written = new Set(ops.flatMap((op) => tensorsOf(op).writes));
    for (const [tensor, { at, length }] of places) {
      if (!written.has(tensor)) expect(floats.slice(at, at + length)).toEqual(inputs.get(tensor));
      expect(floats.subarray(at + length, at + length + 64).every((value) => value === UNTOUCHED)).toBe(true);
    }
  });
});

it.each([1, 3, 4, 7, 130])('masks of %i elements have the bits of data/mask.ts', (size) => {
  const memory = takeMemory(1 << 18, false);
  const kernels = loadKernels(memory, 'simd', false);
  const [rows, first, step, key] = [5, 37, 4_000_000, maskKey(-3, 'dropout.mask')];
  for (const keep of [0, 0.3, 0.5, 0.999, 1]) {
    const got = new Float32Array(memory.buffer, FIRST, rows * size + 4).fill(UNTOUCHED);
    kernels.fillMask(rows, size, first, key, step, maskLimit(keep), FIRST);
    const wanted = new Float32Array(rows * size + 4).fill(UNTOUCHED);
    for (let b = 0; b < rows; b++) fillMask(wanted, b * size, size, maskRowKey(key, step, first + b), maskLimit(keep));
    expect(got).toEqual(wanted);
  }
});
