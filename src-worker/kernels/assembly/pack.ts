/**
 * Copies parts of matrices into the order in which the register tiles of tile.ts read them. Rows and columns that are missing at an edge
 * become zeros. Strides are in bytes.
 */

/** Columns of B come in panels of 8; a rest of up to 4 columns in one of 4. */
export function panelWidth(left: i32): i32 {
  return left > 4 ? 8 : 4;
}

/** B (k, n), rows `stride` apart → panels. */
export function packB(k: i32, n: i32, b: usize, stride: usize, target: usize): void {
  let j = 0;
  for (; j + 8 <= n; j += 8) {
    let p = b + <usize>j * 4;
    for (let i = 0; i < k; i++) {
      v128.store(target, v128.load(p));
      v128.store(target, v128.load(p, 16), 16);
      target += 32;
      p += stride;
    }
  }
  const rest = n - j;
  if (rest == 0) return;
  let p = b + <usize>j * 4;
  if (rest == 4) {
    for (let i = 0; i < k; i++) {
      v128.store(target, v128.load(p));
      target += 16;
      p += stride;
    }
    return;
  }
  const row = <usize>panelWidth(rest) * 4;
  memory.fill(target, 0, <usize>k * row);
  copyBlock(k, rest, p, stride, target, row);
}

/** B stored transposed: (n, k), rows `stride` apart → panels. */
export function packTransposedB(k: i32, n: i32, b: usize, stride: usize, target: usize): void {
  for (let j = 0; j < n;) {
    const width = panelWidth(n - j);
    const columns = min(width, n - j);
    const row = <usize>width * 4;
    let p = b + <usize>j * stride;
    let i = 0;
    if (columns == width) {
      for (; i + 4 <= k; i += 4) {
        transpose4(p, stride, target, row);
        if (width == 8) transpose4(p + 4 * stride, stride, target + 16, row);
        target += 4 * row;
        p += 16;
      }
    }
    for (; i < k; i++) {
      for (let q = 0; q < width; q++)
        store<f32>(target + ((<usize>q) << 2), q < columns ? load<f32>(p + <usize>q * stride) : 0);
      target += row;
      p += 4;
    }
    j += width;
  }
}

/** Up to four rows of A, `rowStride` apart, k columns `columnStride` apart → four floats for each column. */
export function packA(rows: i32, k: i32, a: usize, rowStride: usize, columnStride: usize, target: usize): void {
  if (rows == 4 && rowStride == 4) {
    for (let i = 0; i < k; i++) {
      v128.store(target, v128.load(a));
      target += 16;
      a += columnStride;
    }
    return;
  }
  let i = 0;
  if (rows == 4 && columnStride == 4) {
    for (; i + 4 <= k; i += 4) {
      transpose4(a, rowStride, target, 16);
      target += 64;
      a += 16;
    }
  }
  for (; i < k; i++) {
    v128.store(target, f32x4.splat(0));
    for (let q = 0; q < rows; q++) store<f32>(target + ((<usize>q) << 2), load<f32>(a + <usize>q * rowStride));
    target += 16;
    a += columnStride;
  }
}

/** Copies a block of floats from one matrix into another. */
export function copyBlock(
  rows: i32,
  columns: i32,
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize
): void {
  for (let r = 0; r < rows; r++) {
    for (let q = 0; q < columns; q++) store<f32>(target + ((<usize>q) << 2), load<f32>(source + ((<usize>q) << 2)));
    source += sourceStride;
    target += targetStride;
  }
}

/** Four rows of four floats, transposed. */
export function transpose4(source: usize, sourceStride: usize, target: usize, targetStride: usize): void {
  const r0 = v128.load(source);
  const r1 = v128.load(source + sourceStride);
  const r2 = v128.load(source + 2 * sourceStride);
  const r3 = v128.load(source + 3 * sourceStride);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(target + targetStride, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
  v128.store(target + 2 * targetStride, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
  v128.store(target + 3 * targetStride, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
}
