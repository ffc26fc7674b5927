/** Copies images and weights into the order in which convolutions read them. Letters as in conv.ts. */
import { transpose4 } from './pack';

/** Copies `bytes`, a multiple of 4. */
function copyRow(bytes: usize, from: usize, to: usize): void {
  const end = from + bytes;
  for (; from + 16 <= end; from += 16) {
    v128.store(to, v128.load(from));
    to += 16;
  }
  for (; from < end; from += 4) {
    store<f32>(to, load<f32>(from));
    to += 4;
  }
}

/** Images [h, w, c] into areas of high × wide pixels, `top` and `left` from their corner; the rest of each area stays as it is. */
export function copyInto(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  x: usize,
  high: i32,
  wide: i32,
  top: i32,
  left: i32,
  to: usize
): void {
  const height = min(h, high - top);
  const width = min(w, wide - left);
  if (width <= 0) return;
  const pixel = (<usize>c) << 2;
  const row = <usize>w * pixel;
  const rowTo = <usize>wide * pixel;
  for (let b = 0; b < images; b++) {
    let p = x + <usize>(b * h) * row;
    let q = to + <usize>(b * high + top) * rowTo + <usize>left * pixel;
    for (let i = 0; i < height; i++) {
      copyRow(<usize>width * pixel, p, q);
      p += row;
      q += rowTo;
    }
  }
}

/** weights (k, o) as panels of 8 filters, the last one filled up with zeros. */
export function packWeights(k: i32, o: i32, weights: usize, to: usize): void {
  const row = (<usize>o) << 2;
  for (let j = 0; j < o; j += 8) {
    let p = weights + ((<usize>j) << 2);
    const n = min(8, o - j);
    for (let i = 0; i < k; i++) {
      if (n == 8) {
        v128.store(to, v128.load(p));
        v128.store(to, v128.load(p, 16), 16);
      } else
        for (let q = 0; q < 8; q++) store<f32>(to + ((<usize>q) << 2), q < n ? load<f32>(p + ((<usize>q) << 2)) : 0);
      p += row;
      to += 32;
    }
  }
}

/**
 * The weights of the cells (u0 + sh · i, v0 + sw · j) of the window, last cell first, as panels of 8 channels of x whose rows are
 * the filters of each cell.
 */
export function packTurned(
  c: i32,
  o: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  u0: i32,
  v0: i32,
  high: i32,
  wide: i32,
  weights: usize,
  to: usize
): void {
  const row = (<usize>o) << 2;
  for (let j = 0; j < c; j += 8) {
    const n = min(8, c - j);
    for (let t = high * wide - 1; t >= 0; t--) {
      const cell = (u0 + sh * (t / wide)) * kw + v0 + sw * (t % wide);
      let p = weights + <usize>(cell * c + j) * row;
      let i = 0;
      if (n == 8)
        for (; i + 4 <= o; i += 4) {
          transpose4(p, row, to, 32);
          transpose4(p + 4 * row, row, to + 16, 32);
          p += 16;
          to += 128;
        }
      for (; i < o; i++) {
        for (let q = 0; q < 8; q++) store<f32>(to + ((<usize>q) << 2), q < n ? load<f32>(p + <usize>q * row) : 0);
        p += 4;
        to += 32;
      }
    }
  }
}
