/**
 * The register tiles everything is built on: C[4 x 8] = init + sum_k A[4, k] * B[k, 8].
 *
 * 4x8 needs 8 accumulators + 2 vectors of B + 4 broadcasts of A = 14 of the 15 xmm registers
 * V8 hands out. It is the largest tile that does not spill in any V8 (11.3 .. 14.x), with or
 * without fused multiply-add. The k loop must NOT be unrolled: V8 before 13 schedules all
 * loads of a basic block first, and an unrolled body spills.
 *
 * A function computes a whole row of tiles: `panels` panels of B, packed one after another
 * (k x 8 floats each), so that the call costs nothing even when k is small.
 *
 * `init` is what the accumulators start from: C itself (row stride `ldi`) to accumulate, or, with
 * ldi = 0, a row of zeros or the bias. It advances by `di` bytes per panel. All strides are in bytes.
 */
import { fma, relu4, splat } from './simd';

/** Rows of A are `ra` apart, consecutive k are `sa` apart (covers A and A transposed in place). */
export function tiles8(
  panels: i32,
  k: i32,
  a: usize,
  ra: usize,
  sa: usize,
  b: usize,
  c: usize,
  ldc: usize,
  init: usize,
  ldi: usize,
  di: usize,
  relu: i32
): void {
  do {
    let i = init;
    let c00 = v128.load(i),
      c01 = v128.load(i, 16);
    i += ldi;
    let c10 = v128.load(i),
      c11 = v128.load(i, 16);
    i += ldi;
    let c20 = v128.load(i),
      c21 = v128.load(i, 16);
    i += ldi;
    let c30 = v128.load(i),
      c31 = v128.load(i, 16);
    let a0 = a,
      a1 = a0 + ra,
      a2 = a1 + ra,
      a3 = a2 + ra,
      n = k;
    do {
      const b0 = v128.load(b),
        b1 = v128.load(b, 16);
      let x = splat(a0);
      c00 = fma(x, b0, c00);
      c01 = fma(x, b1, c01);
      x = splat(a1);
      c10 = fma(x, b0, c10);
      c11 = fma(x, b1, c11);
      x = splat(a2);
      c20 = fma(x, b0, c20);
      c21 = fma(x, b1, c21);
      x = splat(a3);
      c30 = fma(x, b0, c30);
      c31 = fma(x, b1, c31);
      a0 += sa;
      a1 += sa;
      a2 += sa;
      a3 += sa;
      b += 32;
    } while (--n);
    if (relu) {
      c00 = relu4(c00);
      c01 = relu4(c01);
      c10 = relu4(c10);
      c11 = relu4(c11);
      c20 = relu4(c20);
      c21 = relu4(c21);
      c30 = relu4(c30);
      c31 = relu4(c31);
    }
    let p = c;
    v128.store(p, c00);
    v128.store(p, c01, 16);
    p += ldc;
    v128.store(p, c10);
    v128.store(p, c11, 16);
    p += ldc;
    v128.store(p, c20);
    v128.store(p, c21, 16);
    p += ldc;
    v128.store(p, c30);
    v128.store(p, c31, 16);
    c += 32;
    init += di;
  } while (--panels);
}

/** The same with the four values of A for one k adjacent (A packed, 16 bytes per k). */
export function tiles8Packed(
  panels: i32,
  k: i32,
  a: usize,
  b: usize,
  c: usize,
  ldc: usize,
  init: usize,
  ldi: usize,
  di: usize,
  relu: i32
): void {
  do {
    let i = init;
    let c00 = v128.load(i),
      c01 = v128.load(i, 16);
    i += ldi;
    let c10 = v128.load(i),
      c11 = v128.load(i, 16);
    i += ldi;
    let c20 = v128.load(i),
      c21 = v128.load(i, 16);
    i += ldi;
    let c30 = v128.load(i),
      c31 = v128.load(i, 16);
    let p = a,
      n = k;
    do {
      const b0 = v128.load(b),
        b1 = v128.load(b, 16);
      let x = splat(p);
      c00 = fma(x, b0, c00);
      c01 = fma(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = fma(x, b0, c10);
      c11 = fma(x, b1, c11);
      x = v128.load32_splat(p, 8);
      c20 = fma(x, b0, c20);
      c21 = fma(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = fma(x, b0, c30);
      c31 = fma(x, b1, c31);
      p += 16;
      b += 32;
    } while (--n);
    if (relu) {
      c00 = relu4(c00);
      c01 = relu4(c01);
      c10 = relu4(c10);
      c11 = relu4(c11);
      c20 = relu4(c20);
      c21 = relu4(c21);
      c30 = relu4(c30);
      c31 = relu4(c31);
    }
    p = c;
    v128.store(p, c00);
    v128.store(p, c01, 16);
    p += ldc;
    v128.store(p, c10);
    v128.store(p, c11, 16);
    p += ldc;
    v128.store(p, c20);
    v128.store(p, c21, 16);
    p += ldc;
    v128.store(p, c30);
    v128.store(p, c31, 16);
    c += 32;
    init += di;
  } while (--panels);
}

/** One 4x4 tile, for the last one to four columns (B packed k x 4). */
export function tile4(
  k: i32,
  a: usize,
  ra: usize,
  sa: usize,
  b: usize,
  c: usize,
  ldc: usize,
  init: usize,
  ldi: usize,
  relu: i32
): void {
  let c0 = v128.load(init),
    c1 = v128.load(init + ldi),
    c2 = v128.load(init + 2 * ldi),
    c3 = v128.load(init + 3 * ldi);
  let a0 = a,
    a1 = a0 + ra,
    a2 = a1 + ra,
    a3 = a2 + ra;
  do {
    const b0 = v128.load(b);
    c0 = fma(splat(a0), b0, c0);
    c1 = fma(splat(a1), b0, c1);
    c2 = fma(splat(a2), b0, c2);
    c3 = fma(splat(a3), b0, c3);
    a0 += sa;
    a1 += sa;
    a2 += sa;
    a3 += sa;
    b += 16;
  } while (--k);
  if (relu) {
    c0 = relu4(c0);
    c1 = relu4(c1);
    c2 = relu4(c2);
    c3 = relu4(c3);
  }
  v128.store(c, c0);
  v128.store(c + ldc, c1);
  v128.store(c + 2 * ldc, c2);
  v128.store(c + 3 * ldc, c3);
}
