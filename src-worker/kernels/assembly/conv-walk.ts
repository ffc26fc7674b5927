/**
 * The walk of convolution over pixels: which four patches make a tile, and which panels of weights stay in the cache. Letters and scratch
 * as in conv.ts.
 */
import { ACCUMULATE, pixelTiles, RELU } from './conv-tile';

export const TILE_AT: usize = 128;
/** Packed weights that stay in the second cache while the pixels of a group pass by. */
const BLOCK: i32 = 1 << 17;

/** Adds or copies the first `n` floats of a row of the edge tile. */
export function storeRow(n: i32, from: usize, to: usize, add: i32): void {
  for (let q: usize = 0; q < (<usize>n) << 2; q += 4) {
    const value = load<f32>(from + q);
    store<f32>(to + q, add ? load<f32>(to + q) + value : value);
  }
}

/**
 * Every pixel of y, four at a time, against `panels` panels of packed weights, the last one with `last` filters.
 *
 * A patch has `runs` runs of `length` floats, the next one `run` bytes after the end of the last. Neighbouring patches are `px` apart,
 * those below each other `xr`, those of neighbouring images `xi`; likewise the pixels of y.
 */
function walkPixels(
  images: i32,
  rows: i32,
  columns: i32,
  runs: i32,
  length: i32,
  run: usize,
  x: usize,
  px: usize,
  xr: usize,
  xi: usize,
  panels: i32,
  last: i32,
  weights: usize,
  y: usize,
  py: usize,
  yr: usize,
  yi: usize,
  bias: usize,
  flags: i32,
  scratch: usize
): void {
  const whole = last == 8 ? panels : panels - 1;
  const edge = (<usize>whole) << 5;
  const lastPanel = weights + <usize>(whole * runs * length) * 32;
  const tile = scratch + TILE_AT;
  const step: usize = bias ? 32 : 0;
  const init = bias ? bias : scratch;
  const add = flags & ACCUMULATE;
  const pixels = images * rows * columns;
  // From behind the last pixel of a row to the next row, and from behind the last row to the next image.
  const xRow = xr - <usize>columns * px;
  const yRow = yr - <usize>columns * py;
  const xImage = xi - <usize>rows * xr;
  const yImage = yi - <usize>rows * yr;
  let s = 0;
  let r = 0;
  for (let p = 0; p < pixels; p += 4) {
    const left = pixels - p;
    const a0 = x;
    const c0 = y;
    let a1 = x;
    let a2 = x;
    let a3 = x;
    let c1 = y;
    let c2 = y;
    let c3 = y;
    if (s + 4 < columns) {
      s += 4;
      a1 = a0 + px;
      a2 = a1 + px;
      a3 = a2 + px;
      x = a3 + px;
      c1 = c0 + py;
      c2 = c1 + py;
      c3 = c2 + py;
      y = c3 + py;
    } else {
      // At the end of a row. Past the last pixel the first one of the tile is computed again.
      for (let n = 1; n <= 4; n++) {
        x += px;
        y += py;
        if (++s == columns) {
          s = 0;
          x += xRow;
          y += yRow;
          if (++r == rows) {
            r = 0;
            x += xImage;
            y += yImage;
          }
        }
        if (n == 1 && left > 1) {
          a1 = x;
          c1 = y;
        } else if (n == 2 && left > 2) {
          a2 = x;
          c2 = y;
        } else if (n == 3 && left > 3) {
          a3 = x;
          c3 = y;
        }
      }
    }
    if (whole) pixelTiles(whole, runs, length, run, a0, a1, a2, a3, weights, c0, c1, c2, c3, init, step, flags);
    if (last < 8) {
      const from = init + (bias ? edge : 0);
      pixelTiles(
        1,
        runs,
        length,
        run,
        a0,
        a1,
        a2,
        a3,
        lastPanel,
        tile,
        tile + 32,
        tile + 64,
        tile + 96,
        from,
        0,
        flags & RELU
      );
      storeRow(last, tile, c0 + edge, add);
      if (left > 1) storeRow(last, tile + 32, c1 + edge, add);
      if (left > 2) storeRow(last, tile + 64, c2 + edge, add);
      if (left > 3) storeRow(last, tile + 96, c3 + edge, add);
    }
  }
}

/** The same for any number of filters `o`: blocks of panels that stay in the cache. */
export function walkBlocks(
  images: i32,
  rows: i32,
  columns: i32,
  runs: i32,
  length: i32,
  run: usize,
  x: usize,
  px: usize,
  xr: usize,
  xi: usize,
  o: i32,
  weights: usize,
  y: usize,
  py: usize,
  yr: usize,
  yi: usize,
  bias: usize,
  flags: i32,
  scratch: usize
): void {
  const panel = runs * length * 32;
  const filters = max(1, BLOCK / panel) << 3;
  for (let j = 0; j < o; j += filters) {
    const n = min(filters, o - j);
    const panels = (n + 7) >> 3;
    const at = (<usize>j) << 2;
    walkPixels(
      images,
      rows,
      columns,
      runs,
      length,
      run,
      x,
      px,
      xr,
      xi,
      panels,
      n - ((panels - 1) << 3),
      weights + <usize>(j >> 3) * <usize>panel,
      y + at,
      py,
      yr,
      yi,
      bias ? bias + at : 0,
      flags,
      scratch
    );
  }
}
