import type { Sketch } from '../contract/layers.ts';
import { distributionOf } from './distribution.ts';

const BINS = 25;
const MOST_VALUES = 16_384;
/** Height of the fullest bin. */
const TALLEST = 99;

export function sketchOf(values: ArrayLike<number>): Sketch {
  const seen = thinned(values);
  const { zeros, mean, sd, limit, histogram } = distributionOf(seen, BINS);
  const most = Math.max(...histogram);
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < seen.length; i++) {
    min = Math.min(min, seen[i]!); // NaN stays
    max = Math.max(max, seen[i]!);
  }
  return {
    count: values.length,
    zeros: brief(zeros)!,
    ...{ mean: brief(mean), sd: brief(sd), limit: brief(limit), min: brief(min), max: brief(max) },
    histogram: histogram.map((count) => Math.ceil((count * TALLEST) / most))
  };
}

/** To 4 significant digits; null stays, and stands for what is not finite. */
export const brief = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(4));

/** Every so many values. The stride has no divisor in common with their number, so that no unit or pixel is passed over for ever. */
function thinned(values: ArrayLike<number>): ArrayLike<number> {
  const { length } = values;
  if (length <= MOST_VALUES) return values;
  let stride = Math.ceil(length / MOST_VALUES);
  while (divisor(stride, length) > 1) stride++;
  return Float32Array.from({ length: Math.ceil(length / stride) }, (_, i) => values[i * stride]!);
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
