/** The transforms of Winograd's F(2×2, 3×3), into slabs and out of them. Formulas and letters as in winograd.ts. */
import { ACCUMULATE, RELU } from './conv-tile';
import { relu4 } from './simd';

/** G g Gᵀ of packed weights: panels of 8 filters, each (9, k, 8), become panels (k, 8) in each slab. */
export function transformWeights(panels: i32, k: i32, packed: usize, to: usize): void {
  const cell = (<usize>k) << 5;
  const slab = <usize>panels * cell;
  const half = f32x4.splat(0.5);
  for (let panel = 0; panel < panels; panel++) {
    for (let lane: usize = 0; lane < cell; lane += 16) {
      const p = packed + <usize>panel * 9 * cell + lane;
      let q = to + <usize>panel * cell + lane;
      for (let i = 0; i < 4; i++) {
        // Row i of G g.
        let a = v128.load(p + (i == 3 ? 6 * cell : 0));
        let b = v128.load(p + (i == 3 ? 7 * cell : cell));
        let c = v128.load(p + (i == 3 ? 8 * cell : 2 * cell));
        if (i == 1 || i == 2) {
          a = f32x4.add(a, v128.load(p + 6 * cell));
          b = f32x4.add(b, v128.load(p + 7 * cell));
          c = f32x4.add(c, v128.load(p + 8 * cell));
          const d = v128.load(p + 3 * cell);
          const e = v128.load(p + 4 * cell);
          const f = v128.load(p + 5 * cell);
          a = f32x4.mul(half, i == 1 ? f32x4.add(a, d) : f32x4.sub(a, d));
          b = f32x4.mul(half, i == 1 ? f32x4.add(b, e) : f32x4.sub(b, e));
          c = f32x4.mul(half, i == 1 ? f32x4.add(c, f) : f32x4.sub(c, f));
        }
        const outer = f32x4.add(a, c);
        v128.store(q, a);
        v128.store(q + slab, f32x4.mul(half, f32x4.add(outer, b)));
        v128.store(q + 2 * slab, f32x4.mul(half, f32x4.sub(outer, b)));
        v128.store(q + 3 * slab, c);
        q += 4 * slab;
      }
    }
  }
}

/** One row of Bᵀ d, times B: four places next to each other. */
function storePixels(t0: v128, t1: v128, t2: v128, t3: v128, q: usize, slab: usize): void {
  v128.store(q, f32x4.sub(t0, t2));
  q += slab;
  v128.store(q, f32x4.add(t1, t2));
  q += slab;
  v128.store(q, f32x4.sub(t2, t1));
  q += slab;
  v128.store(q, f32x4.sub(t1, t3));
}

/** Bᵀ d B of the tile whose pixels begin at p. */
export function transformPixels(c: i32, p: usize, row: usize, q: usize, slab: usize): void {
  const pixel = (<usize>c) << 2;
  for (const end = q + pixel; q < end; q += 16) {
    const r1 = p + row;
    const r2 = r1 + row;
    const a0 = v128.load(r1);
    const a1 = v128.load(r1 + pixel);
    const a2 = v128.load(r1 + 2 * pixel);
    const a3 = v128.load(r1 + 3 * pixel);
    const b0 = v128.load(r2);
    const b1 = v128.load(r2 + pixel);
    const b2 = v128.load(r2 + 2 * pixel);
    const b3 = v128.load(r2 + 3 * pixel);
    storePixels(
      f32x4.sub(v128.load(p), b0),
      f32x4.sub(v128.load(p + pixel), b1),
      f32x4.sub(v128.load(p + 2 * pixel), b2),
      f32x4.sub(v128.load(p + 3 * pixel), b3),
      q,
      slab
    );
    storePixels(f32x4.add(a0, b0), f32x4.add(a1, b1), f32x4.add(a2, b2), f32x4.add(a3, b3), q + 4 * slab, slab);
    storePixels(f32x4.sub(b0, a0), f32x4.sub(b1, a1), f32x4.sub(b2, a2), f32x4.sub(b3, a3), q + 8 * slab, slab);
    const r3 = r2 + row;
    storePixels(
      f32x4.sub(a0, v128.load(r3)),
      f32x4.sub(a1, v128.load(r3 + pixel)),
      f32x4.sub(a2, v128.load(r3 + 2 * pixel)),
      f32x4.sub(a3, v128.load(r3 + 3 * pixel)),
      q + 12 * slab,
      slab
    );
    p += 16;
  }
}

/** bias + a row of Aᵀ m, times one column of A, finished and stored. */
function storeWindow(sum: v128, bias: v128, y: usize, flags: i32): void {
  let value = f32x4.add(sum, bias);
  if (flags & ACCUMULATE) value = f32x4.add(v128.load(y), value);
  if (flags & RELU) value = relu4(value);
  v128.store(y, value);
}

/** Aᵀ m A of the products at m, as the windows at y: `high` × `wide` of them, 1 or 2 each way. */
export function transformProducts(
  o: i32,
  m: usize,
  slab: usize,
  high: i32,
  wide: i32,
  y: usize,
  row: usize,
  bias: usize,
  flags: i32
): void {
  const pixel = (<usize>o) << 2;
  for (const end = m + pixel; m < end; m += 16) {
    let p = m;
    const start = bias ? v128.load(bias) : f32x4.splat(0);
    // Column j of Aᵀ m in s0 and s1; the sums over the columns with the signs of A.
    let m1 = v128.load(p + 4 * slab);
    let m2 = v128.load(p + 8 * slab);
    let upper = f32x4.add(f32x4.add(v128.load(p), m1), m2);
    let lower = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + 12 * slab));
    p += slab;
    m1 = v128.load(p + 4 * slab);
    m2 = v128.load(p + 8 * slab);
    let s0 = f32x4.add(f32x4.add(v128.load(p), m1), m2);
    let s1 = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + 12 * slab));
    upper = f32x4.add(upper, s0);
    lower = f32x4.add(lower, s1);
    let upperRight = s0;
    let lowerRight = s1;
    p += slab;
    m1 = v128.load(p + 4 * slab);
    m2 = v128.load(p + 8 * slab);
    s0 = f32x4.add(f32x4.add(v128.load(p), m1), m2);
    s1 = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + 12 * slab));
    upper = f32x4.add(upper, s0);
    lower = f32x4.add(lower, s1);
    upperRight = f32x4.sub(upperRight, s0);
    lowerRight = f32x4.sub(lowerRight, s1);
    p += slab;
    m1 = v128.load(p + 4 * slab);
    m2 = v128.load(p + 8 * slab);
    upperRight = f32x4.sub(upperRight, f32x4.add(f32x4.add(v128.load(p), m1), m2));
    lowerRight = f32x4.sub(lowerRight, f32x4.sub(f32x4.sub(m1, m2), v128.load(p + 12 * slab)));
    storeWindow(upper, start, y, flags);
    if (wide > 1) storeWindow(upperRight, start, y + pixel, flags);
    if (high > 1) {
      storeWindow(lower, start, y + row, flags);
      if (wide > 1) storeWindow(lowerRight, start, y + row + pixel, flags);
    }
    y += 16;
    if (bias) bias += 16;
  }
}

/** One row of A dy, times Aᵀ: four places next to each other. */
function storeWindows(left: v128, right: v128, q: usize, slab: usize): void {
  v128.store(q, left);
  q += slab;
  v128.store(q, f32x4.add(left, right));
  q += slab;
  v128.store(q, f32x4.sub(left, right));
  q += slab;
  v128.store(q, f32x4.neg(right));
}

/** A dy Aᵀ of `high` × `wide` windows, 1 or 2 each way; the missing ones count as 0. */
export function transformWindows(o: i32, dy: usize, row: usize, high: i32, wide: i32, q: usize, slab: usize): void {
  const pixel = (<usize>o) << 2;
  const none = f32x4.splat(0);
  for (const end = q + pixel; q < end; q += 16) {
    const d00 = v128.load(dy);
    const d01 = wide > 1 ? v128.load(dy + pixel) : none;
    const d10 = high > 1 ? v128.load(dy + row) : none;
    const d11 = high > 1 && wide > 1 ? v128.load(dy + row + pixel) : none;
    storeWindows(d00, d01, q, slab);
    storeWindows(f32x4.add(d00, d10), f32x4.add(d01, d11), q + 4 * slab, slab);
    storeWindows(f32x4.sub(d00, d10), f32x4.sub(d01, d11), q + 8 * slab, slab);
    storeWindows(f32x4.neg(d10), f32x4.neg(d11), q + 12 * slab, slab);
    dy += 16;
  }
}

/** Gᵀ u G of the sums (c, `wide`) in each slab, as dw (9, c, o), or added to it. */
export function transformSums(c: i32, o: i32, u: usize, wide: i32, dw: usize, add: i32): void {
  const slab = (<usize>(c * wide)) << 2;
  const cell = (<usize>(c * o)) << 2;
  const half = f32x4.splat(0.5);
  for (let i = 0; i < c; i++) {
    for (let j = 0; j < o; j += 4) {
      const p = u + ((<usize>(i * wide + j)) << 2);
      let q = dw + ((<usize>(i * o + j)) << 2);
      for (let r = 0; r < 3; r++) {
        for (let s = 0; s < 3; s++) {
          // Rows r of Gᵀ at places s of each row, then s of G.
          let value = column(p, r, s == 2 ? 3 : 0, slab);
          const one = column(p, r, 1, slab);
          const two = column(p, r, 2, slab);
          const middle = f32x4.mul(half, s == 1 ? f32x4.sub(one, two) : f32x4.add(one, two));
          value = s == 1 ? middle : f32x4.add(value, middle);
          v128.store(q, add ? f32x4.add(v128.load(q), value) : value);
          q += cell;
        }
      }
    }
  }
}

/** Row r of Gᵀ times column s of the 4 × 4 at p. */
function column(p: usize, r: i32, s: i32, slab: usize): v128 {
  p += <usize>s * slab;
  const one = v128.load(p + 4 * slab);
  const two = v128.load(p + 8 * slab);
  const middle = f32x4.mul(f32x4.splat(0.5), r == 1 ? f32x4.sub(one, two) : f32x4.add(one, two));
  if (r == 1) return middle;
  return f32x4.add(v128.load(r == 2 ? p + 12 * slab : p), middle);
}
