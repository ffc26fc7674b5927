/** Where the pixels of a moved image come from: an affine map, and the interpolation at the places it gives. */
import type { ImageContext } from './augmentation.ts';

/**
 * Six numbers a b c d e f: pixel (x, y) shows what was at (a·x + b·y + c, d·x + e·y + f). The origin is the centre of the image, x
 * goes right, y down. Each function below puts one more move behind those before it, which multiplies their matrix from the right.
 */
export type Placement = Float64Array;

export const stay = (): Placement => Float64Array.of(1, 0, 0, 0, 1, 0);

/** Everything goes right by `right` pixels and down by `down`. */
export function shiftBy(to: Placement, right: number, down: number): void {
  to[2]! -= to[0]! * right + to[1]! * down;
  to[5]! -= to[3]! * right + to[4]! * down;
}

/** Everything becomes so many times as wide and as high; −1 is a mirror. */
export function stretchBy(to: Placement, across: number, down: number): void {
  to[0]! /= across;
  to[1]! /= down;
  to[3]! /= across;
  to[4]! /= down;
}

/** Everything turns about the centre, anticlockwise. */
export function turnBy(to: Placement, radians: number): void {
  const cosine = series(radians, 0);
  const sine = series(radians, 1);
  for (const at of [0, 3] as const) {
    const x = to[at]!;
    const y = to[at + 1]!;
    to[at] = x * cosine + y * sine;
    to[at + 1] = y * cosine - x * sine;
  }
}

/**
 * cos x = 1 − x²/2! + x⁴/4! − … (from 0), sin x = x − x³/3! + … (from 1), for |x| ≤ π to the last digits. Sums and products alone, so
 * that every engine has the same bits; Math.sin would not promise that.
 */
function series(x: number, from: 0 | 1): number {
  let sum = 0;
  for (let n = 30 + from; n >= 2; n -= 2) sum = ((1 + sum) * -x * x) / (n * (n - 1));
  return (1 + sum) * (from === 0 ? 1 : x);
}

/** Moves the image in place, between four pixels bilinear. Outside the image is black, stored 0. */
export function resample(
  image: Float32Array,
  placement: Placement,
  { shape, scratch }: Pick<ImageContext, 'shape' | 'scratch'>
): void {
  const a = placement[0]!; // taken apart by hand: this runs for every training example, and an iterator would cost more than the rest
  const b = placement[1]!;
  const c = placement[2]!;
  const d = placement[3]!;
  const e = placement[4]!;
  const f = placement[5]!;
  if (a === 1 && b === 0 && c === 0 && d === 0 && e === 1 && f === 0) return;
  const height = shape[0];
  const width = shape[1];
  const channels = shape[2];
  const stride = width * channels;
  const middleX = (width - 1) / 2;
  const middleY = (height - 1) / 2;
  scratch.set(image);
  for (let y = 0, at = 0; y < height; y++) {
    const rowX = b * (y - middleY) + c + middleX;
    const rowY = e * (y - middleY) + f + middleY;
    for (let x = 0; x < width; x++, at += channels) {
      const fromX = a * (x - middleX) + rowX;
      const fromY = d * (x - middleX) + rowY;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const shareX = fromX - left;
      const shareY = fromY - top;
      const from = top * stride + left * channels;
      if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height)
        for (let k = 0; k < channels; k++) {
          const topLeft = scratch[from + k]!;
          const bottomLeft = scratch[from + k + stride]!;
          const upper = topLeft + shareX * (scratch[from + k + channels]! - topLeft);
          const lower = bottomLeft + shareX * (scratch[from + k + stride + channels]! - bottomLeft);
          image[at + k] = upper + shareY * (lower - upper);
        }
      else if (fromX <= -1 || fromY <= -1 || left >= width || top >= height)
        for (let k = 0; k < channels; k++) image[at + k] = 0;
      else {
        // Of the four pixels around, those outside count as 0.
        const leftShare = left >= 0 ? 1 - shareX : 0;
        const rightShare = left + 1 < width ? shareX : 0;
        const topShare = top >= 0 ? 1 - shareY : 0;
        const bottomShare = top + 1 < height ? shareY : 0;
        const right = rightShare > 0 ? channels : 0;
        const below = bottomShare > 0 ? stride : 0;
        const start = (topShare > 0 ? from : from + below) + (leftShare > 0 ? 0 : right);
        const across = leftShare > 0 ? right : 0;
        const down = topShare > 0 ? below : 0;
        for (let k = 0; k < channels; k++) {
          const upper = leftShare * scratch[start + k]! + rightShare * scratch[start + k + across]!;
          const lower = leftShare * scratch[start + k + down]! + rightShare * scratch[start + k + down + across]!;
          image[at + k] = topShare * upper + bottomShare * lower;
        }
      }
    }
  }
}
