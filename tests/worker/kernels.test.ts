import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../src-worker/backends/wasm/kernels.ts';
import { GEMM_SCRATCH, takeMemory } from '../../src-worker/backends/wasm/layout.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { ACCUMULATE, BIAS, RELU, TRANS_A, TRANS_B } from '../../src-worker/kernels/signatures.ts';

const MIB = 1 << 20;
const [SCRATCH, A, B, BIAS_AT, C] = [MIB, 2 * MIB, 4 * MIB, 7 * MIB, 8 * MIB];
const UNTOUCHED = 12_345;

describe.each(['simd', 'relaxed'] as const)('kernels of the %s build', (variant) => {
  const memory = takeMemory(16 * MIB, false);
  const kernels = loadKernels(memory, variant, false);
  const floats = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
  const random = randomStream(3, 'generate');
  const fill = (at: number, length: number) => floats(at, length).map((_, i, all) => (all[i] = random.normal()));

  interface Product {
    flags: number;
    m: number;
    n: number;
    k: number;
    /** Columns of C's matrix beside its own n. */
    gap?: number;
  }

  /** C after the kernel, and what it should be, in float64. */
  function multiply({ flags, m, n, k, gap = 0 }: Product) {
    const [a, b, bias] = [fill(A, m * k).slice(), fill(B, k * n).slice(), fill(BIAS_AT, n).slice()];
    const ldc = n + gap;
    const before = floats(C, m * ldc + 8).fill(UNTOUCHED);
    for (let i = 0; i < m; i++) fill(C + i * ldc * 4, n);
    const start = before.slice();
    const [lda, ldb] = [flags & TRANS_A ? m : k, flags & TRANS_B ? k : n];
    kernels.gemm(flags, m, n, k, A, lda, B, ldb, C, ldc, BIAS_AT, SCRATCH);
    const wanted = Float64Array.from(start, (value, at) => {
      const [i, j] = [Math.floor(at / ldc), at % ldc];
      if (i >= m || j >= n) return UNTOUCHED;
      let sum = flags & ACCUMULATE ? value : flags & BIAS ? bias[j]! : 0;
      for (let q = 0; q < k; q++)
        sum += a[flags & TRANS_A ? q * m + i : i * k + q]! * b[flags & TRANS_B ? j * k + q : q * n + j]!;
      return flags & RELU ? Math.max(0, sum) : sum;
    });
    return { got: floats(C, m * ldc + 8).slice(), wanted };
  }

  it('say how much scratch a product needs', () => {
    expect(kernels.GEMM_SCRATCH.value).toBe(GEMM_SCRATCH);
  });

  const forms = [0, TRANS_A, TRANS_B].flatMap((form) => [0, BIAS, BIAS | RELU, ACCUMULATE].map((end) => form | end));
  /** [m, n, k] around the register tile of 4 × 8, and past the blocks of 512 columns and 256 terms. */
  const shapes = [
    [1, 1, 1],
    [4, 8, 4],
    [5, 9, 5],
    [3, 4, 7],
    [7, 12, 30],
    [8, 5, 257],
    [6, 31, 513],
    [9, 521, 6],
    [2, 1030, 300]
  ] as const;
  it.each(shapes)('multiply %i × %i matrices over %i terms in every form, and write nothing else', (m, n, k) => {
    for (const flags of forms) {
      const { got, wanted } = multiply({ flags, m, n, k, gap: 3 });
      for (let i = 0; i < wanted.length; i++)
        expect(Math.abs(got[i]! - wanted[i]!), `flags ${flags}, element ${i}`).toBeLessThan(1e-6 * (k + 10));
    }
    expect([...floats(SCRATCH, 32)]).toEqual(new Array(32).fill(0));
  });

  it('give a row of a product the same bits in whatever company it is computed', () => {
    const [m, n, k] = [23, 30, 300];
    fill(A, m * k);
    fill(B, k * n);
    kernels.gemm(0, m, n, k, A, k, B, n, C, n, 0, SCRATCH);
    const together = floats(C, m * n).slice();
    for (const [first, count] of [
      [0, 1],
      [5, 2],
      [6, 3],
      [3, 17]
    ] as const) {
      kernels.gemm(0, count, n, k, A + first * k * 4, k, B, n, C, n, 0, SCRATCH);
      expect(floats(C, count * n)).toEqual(together.subarray(first * n, (first + count) * n));
    }
  });

  it('keep NaN through relu', () => {
    floats(A, 1)[0] = NaN;
    floats(B, 8).fill(1);
    kernels.gemm(RELU, 1, 8, 1, A, 1, B, 8, C, 8, 0, SCRATCH);
    expect([...floats(C, 8)]).toEqual(new Array(8).fill(NaN));
  });

  it.each([1, 3, 7, 8, 11, 28])('unpack rows of %i bytes and of %i floats', (columns) => {
    const rows = 3;
    const [scale, shift] = [fill(B, columns).slice(), fill(BIAS_AT, columns).slice()];
    const stored = new Uint8Array(memory.buffer, A, rows * columns).map((_, i, all) => (all[i] = (i * 97) % 256));
    const affine = (values: ArrayLike<number>) =>
      Array.from(values, (value, i) => Math.fround(Math.fround(value * scale[i % columns]!) + shift[i % columns]!));
    floats(C, rows * columns + 1).fill(UNTOUCHED);
    kernels.unpackBytes(rows, columns, A, B, BIAS_AT, C);
    expect([...floats(C, rows * columns + 1)]).toEqual([...affine(stored), UNTOUCHED]);
    const numbers = fill(A, rows * columns).slice();
    kernels.unpackFloats(rows, columns, A, B, BIAS_AT, C);
    expect([...floats(C, rows * columns + 1)]).toEqual([...affine(numbers), UNTOUCHED]);
  });

  it('judge confident answers without losing the small loss, and no logit overflows', () => {
    const judge = (logits: number[], label: number) => {
      floats(A, logits.length).set(logits);
      new Int32Array(memory.buffer, B, 1)[0] = label;
      floats(BIAS_AT, 1)[0] = 1;
      const dz = C + 64;
      kernels.softmaxCrossEntropy(1, logits.length, A, B, BIAS_AT, C, C + 4, dz, SCRATCH + 256);
      return { loss: floats(C, 1)[0]!, correct: floats(C, 2)[1]!, dz: [...floats(dz, logits.length)] };
    };
    expect(judge([20, 0, 0], 0).loss / (2 * Math.exp(-20))).toBeCloseTo(1, 5);
    expect(judge([1e30, 0], 1)).toMatchObject({ loss: Math.fround(1e30), correct: 0, dz: [1, -1] });
    expect(judge([-1e30, -1e30], 0)).toMatchObject({ correct: 1, dz: [-0.5, 0.5] });
    expect(judge([5, 5, 1], 1).correct).toBe(0);
    expect(judge([0, -200, -80], 0).dz[1]).toBe(0);
  });
});

it('are compiled only when their sources have changed', () => {
  const folder = join(import.meta.dirname, '../../src-worker/kernels');
  const compile = () => execFileSync(process.execPath, [join(folder, 'compile.mjs')]);
  compile();
  const writtenAtMs = statSync(join(folder, 'compiled.gen.ts')).mtimeMs;
  compile();
  expect(statSync(join(folder, 'compiled.gen.ts')).mtimeMs).toBe(writtenAtMs);
});
