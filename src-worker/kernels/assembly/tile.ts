/**
 * The register tiles that matrix products are built on: C (4, 8) = init + Σ_k A (4, k) · B (k, 8).
 *
 * 4×8 needs 8 accumulators, 2 vectors of B and 4 broadcasts of A: 14 of the 15 vector registers that V8 hands out on x86. It is the
 * largest tile that spills in no V8 from 11.3 on, with or without fused multiply-add. The loop over k must not be unrolled: V8 before 13
 * schedules all loads of a basic block first, and an unrolled body spills.
 *
 * A function computes a whole row of tiles: `panels` panels of B, k × 8 floats each, so that the call costs nothing even when k is small.
 * Rows of a panel are `strideB` apart, panels `stepB`: packed one after another, or B as it lies.
 *
 * `init` is what the accumulators start from: C itself (rows `initStride` apart) to add up, or, with a stride of 0, a row of zeros or the
 * bias. It advances by `initStep` bytes per panel. All strides are in bytes.
 */
import { fma, relu4, splat } from './simd';

/** Rows of A are `rowStride` apart, its columns `columnStride`: A as it lies, transposed or not. */
export function tiles8(
  panels: i32,
  k: i32,
  a: usize,
  rowStride: usize,
  columnStride: usize,
  b: usize,
  strideB: usize,
  stepB: usize,
  c: usize,
  strideC: usize,
  init: usize,
  initStride: usize,
  initStep: usize,
  relu: i32
): void {
  do {
    let i = init;
    let c00 = v128.load(i);
    let c01 = v128.load(i, 16);
    i += initStride;
    let c10 = v128.load(i);
    let c11 = v128.load(i, 16);
    i += initStride;
    let c20 = v128.load(i);
    let c21 = v128.load(i, 16);
    i += initStride;
    let c30 = v128.load(i);
    let c31 = v128.load(i, 16);
    let a0 = a;
    let a1 = a0 + rowStride;
    let a2 = a1 + rowStride;
    let a3 = a2 + rowStride;
    let p = b;
    let n = k;
    do {
      const b0 = v128.load(p);
      const b1 = v128.load(p, 16);
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
      a0 += columnStride;
      a1 += columnStride;
      a2 += columnStride;
      a3 += columnStride;
      p += strideB;
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
    p += strideC;
    v128.store(p, c10);
    v128.store(p, c11, 16);
    p += strideC;
    v128.store(p, c20);
    v128.store(p, c21, 16);
    p += strideC;
    v128.store(p, c30);
    v128.store(p, c31, 16);
    c += 32;
    init += initStep;
    b += stepB;
  } while (--panels);
}

/** The same with the four values of a column of A side by side: A packed, 16 bytes per column. */
export function tiles8Packed(
  panels: i32,
  k: i32,
  a: usize,
  b: usize,
  strideB: usize,
  stepB: usize,
  c: usize,
  strideC: usize,
  init: usize,
  initStride: usize,
  initStep: usize,
  relu: i32
): void {
  do {
    let i = init;
    let c00 = v128.load(i);
    let c01 = v128.load(i, 16);
    i += initStride;
    let c10 = v128.load(i);
    let c11 = v128.load(i, 16);
    i += initStride;
    let c20 = v128.load(i);
    let c21 = v128.load(i, 16);
    i += initStride;
    let c30 = v128.load(i);
    let c31 = v128.load(i, 16);
    let p = a;
    let q = b;
    let n = k;
    do {
      const b0 = v128.load(q);
      const b1 = v128.load(q, 16);
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
      q += strideB;
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
    p += strideC;
    v128.store(p, c10);
    v128.store(p, c11, 16);
    p += strideC;
    v128.store(p, c20);
    v128.store(p, c21, 16);
    p += strideC;
    v128.store(p, c30);
    v128.store(p, c31, 16);
    c += 32;
    init += initStep;
    b += stepB;
  } while (--panels);
}

/**
 * One 4×4 tile, for the last one to four columns. Four sums alone would wait for one another: those over the even and the
 * odd places of k are kept apart until the end.
 */
export function tile4(
  k: i32,
  a: usize,
  rowStride: usize,
  columnStride: usize,
  b: usize,
  strideB: usize,
  c: usize,
  strideC: usize,
  init: usize,
  initStride: usize,
  relu: i32
): void {
  let c0 = v128.load(init);
  let c1 = v128.load(init + initStride);
  let c2 = v128.load(init + 2 * initStride);
  let c3 = v128.load(init + 3 * initStride);
  let d0 = f32x4.splat(0);
  let d1 = d0;
  let d2 = d0;
  let d3 = d0;
  let a0 = a;
  let a1 = a0 + rowStride;
  let a2 = a1 + rowStride;
  let a3 = a2 + rowStride;
  for (; k > 1; k -= 2) {
    const even = v128.load(b);
    c0 = fma(splat(a0), even, c0);
    c1 = fma(splat(a1), even, c1);
    c2 = fma(splat(a2), even, c2);
    c3 = fma(splat(a3), even, c3);
    a0 += columnStride;
    a1 += columnStride;
    a2 += columnStride;
    a3 += columnStride;
    const odd = v128.load(b + strideB);
    d0 = fma(splat(a0), odd, d0);
    d1 = fma(splat(a1), odd, d1);
    d2 = fma(splat(a2), odd, d2);
    d3 = fma(splat(a3), odd, d3);
    a0 += columnStride;
    a1 += columnStride;
    a2 += columnStride;
    a3 += columnStride;
    b += 2 * strideB;
  }
  if (k) {
    const last = v128.load(b);
    c0 = fma(splat(a0), last, c0);
    c1 = fma(splat(a1), last, c1);
    c2 = fma(splat(a2), last, c2);
    c3 = fma(splat(a3), last, c3);
  }
  c0 = f32x4.add(c0, d0);
  c1 = f32x4.add(c1, d1);
  c2 = f32x4.add(c2, d2);
  c3 = f32x4.add(c3, d3);
  if (relu) {
    c0 = relu4(c0);
    c1 = relu4(c1);
    c2 = relu4(c2);
    c3 = relu4(c3);
  }
  v128.store(c, c0);
  v128.store(c + strideC, c1);
  v128.store(c + 2 * strideC, c2);
  v128.store(c + 3 * strideC, c3);
}
