/** Brings an image to another size and number of channels. */
import type { Pixels } from './decode-image.ts';

/** [height, width, channels]. */
export type ImageShape = readonly [height: number, width: number, channels: 1 | 3];

/**
 * Separable resampling with a triangle, as wide as two pixels of the coarser of both grids: bilinear when the image grows, a weighted
 * mean of all pixels below when it shrinks. Sides are stretched each on its own.
 */
export function fitImage(image: Pixels, [height, width, channels]: ImageShape): Uint8Array {
  const { data, ...size } = withChannels(image, channels);
  if (size.height === height && size.width === width) return data;
  const [columns, rows] = [taps(size.width, width), taps(size.height, height)];
  const narrow = new Float32Array(size.height * width * channels);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        const { from, weights } = columns[x]!;
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * data[(y * size.width + from + k) * channels + c]!;
        narrow[(y * width + x) * channels + c] = sum;
      }
  const fitted = new Uint8ClampedArray(height * width * channels); // rounds
  const stride = width * channels;
  for (let y = 0; y < height; y++)
    for (let at = 0; at < stride; at++) {
      const { from, weights } = rows[y]!;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * narrow[(from + k) * stride + at]!;
      fitted[y * stride + at] = sum;
    }
  return new Uint8Array(fitted.buffer);
}

/** Luma as JPEG and video have it. Source: ITU-R BT.601, section 2.5.1: Y = 0.299 R + 0.587 G + 0.114 B. */
function withChannels(image: Pixels, channels: 1 | 3): Pixels {
  const { data } = image;
  if (image.channels === channels) return image;
  const count = image.width * image.height;
  const grey = (i: number) => Math.round(0.299 * data[3 * i]! + 0.587 * data[3 * i + 1]! + 0.114 * data[3 * i + 2]!);
  const converted =
    channels === 1
      ? Uint8Array.from({ length: count }, (_, i) => grey(i))
      : Uint8Array.from({ length: 3 * count }, (_, i) => data[Math.floor(i / 3)]!);
  return { ...image, channels, data: converted };
}

/** For each pixel of the new side, the run of old pixels that it is made of; weights add up to 1. */
function taps(from: number, to: number): { from: number; weights: number[] }[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const raw = Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k - centre) / reach)
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { from: first, weights: raw.map((weight) => weight / sum) };
  });
}
