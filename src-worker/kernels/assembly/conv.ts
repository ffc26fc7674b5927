/**
 * 2-D convolution and its gradients on images [height, width, channels], without im2col.
 *
 * In an image that holds its zero border, the patch under a window is `kh` runs of kw · channels floats that lie in memory as they are
 * needed. So images with a border are copied once, a few at a time, into the scratch area with their border around them (images without
 * one stay where they are), and the tiles walk the runs of a patch in place.
 *
 * The gradient of x is again a convolution, of dy with the turned weights. With strides (sh, sw), the pixels of x fall into sh · sw classes,
 * each reached by its own part of the weights: one convolution without stride for each class, and no multiplication by zero.
 *
 * Letters: c channels of x, o filters, (kh, kw) window, (sh, sw) pixels from one to the next, (rows, columns) windows over an image, `group` images at once. Variables that
 * step through memory are in bytes. Scratch: 128 zero bytes, one tile, the packed weights, the images of a group.
 */
import { copyInto, packTurned, packWeights } from './conv-pack';
import { ACCUMULATE, gradientTiles } from './conv-tile';
import { storeRow, TILE_AT, walkBlocks } from './conv-walk';

const WEIGHTS_AT: usize = 256;

/**
 * y = windows of x · weights  (+ bias)  (relu).
 *
 * Shapes: x (images, h, w, c), weights (kh, kw, c, o), bias (o) or 0, y (images, rows, columns, o). Flags: RELU.
 */
export function conv2d(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  o: i32,
  group: i32,
  x: usize,
  weights: usize,
  bias: usize,
  y: usize,
  flags: i32,
  scratch: usize
): void {
  const high = (rows - 1) * sh + kh;
  const wide = (columns - 1) * sw + kw;
  const isInside = top == 0 && left == 0 && high <= h && wide <= w;
  const pixel = (<usize>c) << 2;
  const image = <usize>(h * w) * pixel;
  const row = <usize>(isInside ? w : wide) * pixel;
  const area = isInside ? image : <usize>high * row;
  const length = kw * c;
  const py = (<usize>o) << 2;
  const yr = <usize>columns * py;
  const yi = <usize>rows * yr;
  const packed = scratch + WEIGHTS_AT;
  const bordered = packed + <usize>(kh * length * ((o + 7) >> 3)) * 32;
  packWeights(kh * length, o, weights, packed);
  if (isInside) group = images;
  else memory.fill(bordered, 0, <usize>min(group, images) * area);
  for (let b = 0; b < images; b += group) {
    const n = min(group, images - b);
    let from = x + <usize>b * image;
    if (!isInside) {
      copyInto(n, h, w, c, from, high, wide, top, left, bordered);
      from = bordered;
    }
    const to = y + <usize>b * yi;
    const run = row - ((<usize>length) << 2);
    const across = <usize>sw * pixel;
    const down = <usize>sh * row;
    walkBlocks(
      n,
      rows,
      columns,
      kh,
      length,
      run,
      from,
      across,
      down,
      area,
      o,
      packed,
      to,
      py,
      yr,
      yi,
      bias,
      flags,
      scratch
    );
  }
}

/** The first pixel i ≥ 0 with (i + before) mod stride = a. */
function firstPixel(stride: i32, before: i32, a: i32): i32 {
  return (a - (before % stride) + stride) % stride;
}

/**
 * dx = the gradient of conv2d with respect to x. Shapes as in conv2d, dy like y. Flags: ACCUMULATE adds to dx.
 *
 * Pixel i of x lies under cell u of window r where i = r · sh + u − top. The pixels with (i + top) mod sh = a see the cells
 * a, a + sh, …: n of them, from windows r, r − 1, …, r − n + 1 with r = (i + top − a) / sh. Columns alike, with sw.
 */
export function conv2dBackInput(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  o: i32,
  group: i32,
  dy: usize,
  weights: usize,
  dx: usize,
  flags: i32,
  scratch: usize
): void {
  // A border of as many windows as may lie before the first; behind the last row only windows that reach into x count.
  const before = (kh + sh - 1) / sh - 1;
  const beside = (kw + sw - 1) / sw - 1;
  const high = before + (h - 1 + top) / sh + 1;
  const wide = beside + (w - 1 + left) / sw + 1;
  const windowBytes = (<usize>o) << 2;
  const row = <usize>wide * windowBytes;
  const area = <usize>high * row;
  const image = <usize>(rows * columns) * windowBytes;
  const pixel = (<usize>c) << 2;
  const xr = <usize>w * pixel;
  const xi = <usize>h * xr;
  const packed = scratch + WEIGHTS_AT;
  const bordered = packed + <usize>(kh * kw * o * ((c + 7) >> 3)) * 32;
  let to = packed;
  for (let a = 0; a < min(sh, kh); a++)
    for (let b = 0; b < min(sw, kw); b++) {
      const n = (kh - a + sh - 1) / sh;
      const m = (kw - b + sw - 1) / sw;
      packTurned(c, o, kw, sh, sw, a, b, n, m, weights, to);
      to += <usize>(n * m * o * ((c + 7) >> 3)) * 32;
    }
  // Between the windows nothing is reached.
  if ((kh < sh || kw < sw) && !(flags & ACCUMULATE)) memory.fill(dx, 0, <usize>images * xi);
  memory.fill(bordered, 0, <usize>min(group, images) * area);
  for (let first = 0; first < images; first += group) {
    const count = min(group, images - first);
    copyInto(count, rows, columns, o, dy + <usize>first * image, high, wide, before, beside, bordered);
    let part = packed;
    for (let a = 0; a < min(sh, kh); a++)
      for (let b = 0; b < min(sw, kw); b++) {
        const n = (kh - a + sh - 1) / sh;
        const m = (kw - b + sw - 1) / sw;
        const i = firstPixel(sh, top, a);
        const j = firstPixel(sw, left, b);
        const length = m * o;
        const r = before + (i + top - a) / sh - n + 1;
        const s = beside + (j + left - b) / sw - m + 1;
        if (i < h && j < w)
          walkBlocks(
            count,
            (h - i + sh - 1) / sh,
            (w - j + sw - 1) / sw,
            n,
            length,
            row - ((<usize>length) << 2),
            bordered + <usize>r * row + <usize>s * windowBytes,
            windowBytes,
            row,
            area,
            c,
            part,
            dx + <usize>first * xi + <usize>i * xr + <usize>j * pixel,
            <usize>sw * pixel,
            <usize>sh * xr,
            xi,
            0,
            flags,
            scratch
          );
        part += <usize>(n * length * ((c + 7) >> 3)) * 32;
      }
  }
}

/**
 * dw = the gradient of conv2d with respect to the weights, summed over the images in order. Shapes as in conv2d, dw like the weights.
 * Flags: ACCUMULATE adds to dw.
 *
 * Four neighbouring values of a patch times eight filters make a tile of dw; its sum runs over the windows of a group of images. At the
 * edges tiles read up to 12 bytes behind x and 28 behind dy, and only what is valid is added.
 */
export function conv2dBackWeights(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  o: i32,
  group: i32,
  x: usize,
  dy: usize,
  dw: usize,
  flags: i32,
  scratch: usize
): void {
  const high = (rows - 1) * sh + kh;
  const wide = (columns - 1) * sw + kw;
  const isInside = top == 0 && left == 0 && high <= h && wide <= w;
  const pixel = (<usize>c) << 2;
  const image = <usize>(h * w) * pixel;
  const row = <usize>(isInside ? w : wide) * pixel;
  const area = isInside ? image : <usize>high * row;
  const length = kw * c;
  const sb = (<usize>o) << 2;
  const sa = <usize>sw * pixel;
  const ja = <usize>sh * row - <usize>columns * sa;
  const ia = area - <usize>(rows * sh) * row;
  const whole = o >> 3;
  const tile = scratch + TILE_AT;
  const bordered = scratch + WEIGHTS_AT;
  if (!(flags & ACCUMULATE)) memory.fill(dw, 0, <usize>(kh * length) * sb);
  if (!isInside) memory.fill(bordered, 0, <usize>min(group, images) * area);
  for (let b = 0; b < images; b += group) {
    const n = min(group, images - b);
    let from = x + <usize>b * image;
    let d = dy + <usize>(b * rows * columns) * sb;
    let to = dw;
    if (!isInside) {
      copyInto(n, h, w, c, from, high, wide, top, left, bordered);
      from = bordered;
    }
    for (let u = 0; u < kh; u++)
      for (let i = 0; i < length; i += 4) {
        const a = from + <usize>u * row + ((<usize>i) << 2);
        const valid = min(4, length - i);
        let j = 0;
        if (valid == 4 && whole) {
          gradientTiles(whole, n, rows, columns, a, sa, ja, ia, d, sb, to, sb, to, sb);
          j = whole << 3;
        }
        for (; j < o; j += 8) {
          const at = (<usize>j) << 2;
          gradientTiles(1, n, rows, columns, a, sa, ja, ia, d + at, sb, tile, 32, scratch, 0);
          for (let q = 0; q < valid; q++) storeRow(min(8, o - j), tile + <usize>(q * 32), to + at + <usize>q * sb, 1);
        }
        to += <usize>valid * sb;
      }
  }
}
