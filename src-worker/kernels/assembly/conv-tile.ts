/** The register tiles of convolution: 4 × 8 sums in registers, as in tile.ts and for its reasons. All strides are in bytes. */
import { fma, relu4, splat } from './simd';

// Flags; ../signatures.ts says the same.
export const ACCUMULATE = 4;
export const RELU = 16;

/**
 * Four patches anywhere times `panels` panels of 8 filters, stored at c0 … c3.
 *
 * A patch is `runs` runs of `length` floats, `run` bytes from the end of one to the next. Sums start from `init`, which advances by
 * `step` a panel: the bias, or zeros. Flags: RELU, ACCUMULATE (adds to what is there).
 */
export function pixelTiles(
  panels: i32,
  runs: i32,
  length: i32,
  run: usize,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  b: usize,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  init: usize,
  step: usize,
  flags: i32
): void {
  do {
    let c00 = v128.load(init);
    let c01 = v128.load(init, 16);
    let c10 = c00;
    let c11 = c01;
    let c20 = c00;
    let c21 = c01;
    let c30 = c00;
    let c31 = c01;
    let p0 = a0;
    let p1 = a1;
    let p2 = a2;
    let p3 = a3;
    let s = runs;
    do {
      let n = length;
      do {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        let x = splat(p0);
        c00 = fma(x, b0, c00);
        c01 = fma(x, b1, c01);
        x = splat(p1);
        c10 = fma(x, b0, c10);
        c11 = fma(x, b1, c11);
        x = splat(p2);
        c20 = fma(x, b0, c20);
        c21 = fma(x, b1, c21);
        x = splat(p3);
        c30 = fma(x, b0, c30);
        c31 = fma(x, b1, c31);
        p0 += 4;
        p1 += 4;
        p2 += 4;
        p3 += 4;
        b += 32;
      } while (--n);
      p0 += run;
      p1 += run;
      p2 += run;
      p3 += run;
    } while (--s);
    if (flags & ACCUMULATE) {
      c00 = f32x4.add(v128.load(c0), c00);
      c01 = f32x4.add(v128.load(c0, 16), c01);
      c10 = f32x4.add(v128.load(c1), c10);
      c11 = f32x4.add(v128.load(c1, 16), c11);
      c20 = f32x4.add(v128.load(c2), c20);
      c21 = f32x4.add(v128.load(c2, 16), c21);
      c30 = f32x4.add(v128.load(c3), c30);
      c31 = f32x4.add(v128.load(c3, 16), c31);
    }
    if (flags & RELU) {
      c00 = relu4(c00);
      c01 = relu4(c01);
      c10 = relu4(c10);
      c11 = relu4(c11);
      c20 = relu4(c20);
      c21 = relu4(c21);
      c30 = relu4(c30);
      c31 = relu4(c31);
    }
    v128.store(c0, c00);
    v128.store(c0, c01, 16);
    v128.store(c1, c10);
    v128.store(c1, c11, 16);
    v128.store(c2, c20);
    v128.store(c2, c21, 16);
    v128.store(c3, c30);
    v128.store(c3, c31, 16);
    c0 += 32;
    c1 += 32;
    c2 += 32;
    c3 += 32;
    init += step;
  } while (--panels);
}

/**
 * C[4 × 8 a panel] = init + Σ over images, rows and columns of four neighbouring values at `a` times 8 values at `b`.
 *
 * From one column to the next a advances by `sa` and b by `sb`; at the end of a row a by `ja` more, at the end of an image by `ia`.
 */
export function gradientTiles(
  panels: i32,
  images: i32,
  rows: i32,
  columns: i32,
  a: usize,
  sa: usize,
  ja: usize,
  ia: usize,
  b: usize,
  sb: usize,
  c: usize,
  ldc: usize,
  init: usize,
  ldi: usize
): void {
  do {
    let i = init;
    let c00 = v128.load(i);
    let c01 = v128.load(i, 16);
    i += ldi;
    let c10 = v128.load(i);
    let c11 = v128.load(i, 16);
    i += ldi;
    let c20 = v128.load(i);
    let c21 = v128.load(i, 16);
    i += ldi;
    let c30 = v128.load(i);
    let c31 = v128.load(i, 16);
    let p = a;
    let q = b;
    let m = images;
    do {
      let s = rows;
      do {
        let n = columns;
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
          p += sa;
          q += sb;
        } while (--n);
        p += ja;
      } while (--s);
      p += ia;
    } while (--m);
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
    init += 32;
    b += 32;
  } while (--panels);
}
