/**
 * 2-D convolution with a window of 3 × 3 and stride 1, and its gradients, in 16 multiplications for 4 windows instead of 36: Winograd's
 * F(2×2, 3×3).
 *
 * A tile of 2 × 2 windows looks at 4 × 4 pixels d. With the weights g of one channel and filter,
 *
 *   y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A      Bᵀ = 1  0 −1  0     G = 1  0  0     Aᵀ = 1  1  1  0
 *                                            0  1  1  0         ½  ½  ½          0  1 −1 −1
 *                                            0 −1  1  0         ½ −½  ½
 *                                            0  1  0 −1         0  0  1
 *
 * and summed over the channels, ⊙ becomes 16 matrix products, (tiles, c) · (c, o), one for each place in the 4 × 4. The gradient of x is
 * the same with dy for x and the turned weights; that of the weights is Gᵀ [Σ (A dy Aᵀ) ⊙ (Bᵀ d B)] G, summed over the tiles.
 *
 * Letters as in conv.ts; c and o multiples of 4. The transformed pixels, products and weights lie in 16 slabs each, one for each place.
 *
 * Source: Lavin & Gray 2016, Fast Algorithms for Convolutional Neural Networks, section 4.1, arXiv:1509.09308.
 */
import { copyInto, packTurned, packWeights } from './conv-pack';
import { ACCUMULATE, gradientTiles } from './conv-tile';
import { tiles8 } from './tile';
import {
  transformPixels,
  transformProducts,
  transformSums,
  transformWeights,
  transformWindows
} from './winograd-transforms';

const WEIGHTS_AT: usize = 256;
/** Tiles between one transform and the next: so few that their slabs stay in the nearer caches. */
const TILES: i32 = 32;

/** Slabs are an odd number of cache lines apart: 16 lines at a distance of a power of two would drive one another out. */
function slabBytes(channels: i32): usize {
  return ((<usize>(TILES * channels)) << 2) + 64;
}

function eights(length: i32): i32 {
  return (length + 7) & ~7;
}

/** The windows of all images, from bordered images or from x itself, with transformed weights. Shapes as in winogradConv2d. */
function walkTiles(
  images: i32,
  x: usize,
  row: usize,
  area: usize,
  c: i32,
  rows: i32,
  columns: i32,
  o: i32,
  weights: usize,
  pixels: usize,
  products: usize,
  bias: usize,
  y: usize,
  flags: i32,
  zeros: usize
): void {
  const across = (columns + 1) >> 1;
  const perImage = ((rows + 1) >> 1) * across;
  const tiles = images * perImage;
  const wide = eights(o);
  const panels = wide >> 3;
  const pixelSlab = slabBytes(c);
  const productSlab = slabBytes(wide);
  const pixel = (<usize>c) << 2;
  const product = (<usize>wide) << 2;
  const window = (<usize>o) << 2;
  const rowY = <usize>columns * window;
  for (let first = 0; first < tiles; first += TILES) {
    const count = min(TILES, tiles - first);
    for (let t = 0; t < count; t++) {
      const b = (first + t) / perImage;
      const r = ((first + t) % perImage) / across;
      const s = ((first + t) % perImage) % across;
      const p = x + <usize>b * area + <usize>(2 * r) * row + <usize>(2 * s) * pixel;
      transformPixels(c, p, row, pixels + <usize>t * pixel, pixelSlab);
    }
    for (let place: usize = 0; place < 16; place++) {
      let p = pixels + place * pixelSlab;
      let q = products + place * productSlab;
      const u = weights + place * <usize>panels * ((<usize>c) << 5);
      for (let t = 0; t < count; t += 4) {
        tiles8(panels, c, p, pixel, 4, u, 32, (<usize>c) << 5, q, product, zeros, 0, 0, 0);
        p += 4 * pixel;
        q += 4 * product;
      }
    }
    for (let t = 0; t < count; t++) {
      const b = (first + t) / perImage;
      const r = (((first + t) % perImage) / across) << 1;
      const s = (((first + t) % perImage) % across) << 1;
      const to = y + <usize>(b * rows + r) * rowY + <usize>s * window;
      const m = products + <usize>t * product;
      transformProducts(o, m, productSlab, rows - r, columns - s, to, rowY, bias, flags);
    }
  }
}

/** The images in groups through walkTiles. `packed`: the weights as (9, c, 8) panels, with room for the rest behind them. */
function walkGroups(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  o: i32,
  group: i32,
  x: usize,
  packed: usize,
  bias: usize,
  y: usize,
  flags: i32,
  zeros: usize
): void {
  const high = ((rows + 1) & ~1) + 2;
  const wide = ((columns + 1) & ~1) + 2;
  const isInside = top == 0 && left == 0 && high <= h && wide <= w;
  const image = (<usize>(h * w * c)) << 2;
  const row = (<usize>((isInside ? w : wide) * c)) << 2;
  const area = isInside ? image : <usize>high * row;
  const panel = (<usize>(eights(o) * c)) << 2;
  const weights = packed + 9 * panel;
  const pixels = weights + 16 * panel;
  const products = pixels + 16 * slabBytes(c);
  const bordered = products + 16 * slabBytes(eights(o));
  transformWeights(eights(o) >> 3, c, packed, weights);
  if (isInside) group = images;
  else memory.fill(bordered, 0, <usize>min(group, images) * area);
  for (let b = 0; b < images; b += group) {
    const n = min(group, images - b);
    let from = x + <usize>b * image;
    if (!isInside) {
      copyInto(n, h, w, c, from, high, wide, top, left, bordered);
      from = bordered;
    }
    const to = y + ((<usize>(b * rows * columns * o)) << 2);
    walkTiles(n, from, row, area, c, rows, columns, o, weights, pixels, products, bias, to, flags, zeros);
  }
}

/** conv2d of conv.ts for windows of 3 × 3 and stride 1. */
export function winogradConv2d(
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
  const packed = scratch + WEIGHTS_AT;
  packWeights(9 * c, o, weights, packed);
  walkGroups(images, h, w, c, top, left, rows, columns, o, group, x, packed, bias, y, flags, scratch);
}

/** conv2dBackInput of conv.ts for windows of 3 × 3, stride 1 and borders of at most 2. */
export function winogradBackInput(
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
  const packed = scratch + WEIGHTS_AT;
  packTurned(c, o, 3, 1, 1, 0, 0, 3, 3, weights, packed);
  walkGroups(images, rows, columns, o, 2 - top, 2 - left, h, w, c, group, dy, packed, 0, dx, flags, scratch);
}

/** conv2dBackWeights of conv.ts for windows of 3 × 3 and stride 1. */
export function winogradBackWeights(
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
  const high = ((rows + 1) & ~1) + 2;
  const wide = ((columns + 1) & ~1) + 2;
  const isInside = top == 0 && left == 0 && high <= h && wide <= w;
  const image = (<usize>(h * w * c)) << 2;
  const pixel = (<usize>c) << 2;
  const row = <usize>(isInside ? w : wide) * pixel;
  const area = isInside ? image : <usize>high * row;
  const filters = eights(o);
  const window = (<usize>o) << 2;
  const rowY = <usize>columns * window;
  const filterRow = (<usize>filters) << 2;
  const pixelSlab = slabBytes(c);
  const windowSlab = slabBytes(filters);
  const sums = scratch + WEIGHTS_AT;
  const pixels = sums + 16 * <usize>c * filterRow;
  const windows = pixels + 16 * pixelSlab;
  const bordered = windows + 16 * windowSlab;
  const across = (columns + 1) >> 1;
  const perImage = ((rows + 1) >> 1) * across;
  memory.fill(sums, 0, 16 * <usize>c * filterRow);
  if (isInside) group = images;
  else memory.fill(bordered, 0, <usize>min(group, images) * area);
  for (let b = 0; b < images; b += group) {
    const n = min(group, images - b);
    let from = x + <usize>b * image;
    if (!isInside) {
      copyInto(n, h, w, c, from, high, wide, top, left, bordered);
      from = bordered;
    }
    const d = dy + <usize>(b * rows) * rowY;
    const tiles = n * perImage;
    for (let first = 0; first < tiles; first += TILES) {
      const count = min(TILES, tiles - first);
      for (let t = 0; t < count; t++) {
        const i = (first + t) / perImage;
        const r = (((first + t) % perImage) / across) << 1;
        const s = (((first + t) % perImage) % across) << 1;
        const p = from + <usize>i * area + <usize>r * row + <usize>s * pixel;
        transformPixels(c, p, row, pixels + <usize>t * pixel, pixelSlab);
        const q = d + <usize>(i * rows + r) * rowY + <usize>s * window;
        transformWindows(o, q, rowY, rows - r, columns - s, windows + <usize>t * filterRow, windowSlab);
      }
      let u = sums;
      for (let place: usize = 0; place < 16; place++) {
        let p = pixels + place * pixelSlab;
        const q = windows + place * windowSlab;
        for (let i = 0; i < c; i += 4) {
          gradientTiles(filters >> 3, 1, 1, count, p, pixel, 0, 0, q, filterRow, u, filterRow, u, filterRow);
          u += 4 * filterRow;
          p += 16;
        }
      }
    }
  }
  transformSums(c, o, sums, filters, dw, flags & ACCUMULATE);
}
