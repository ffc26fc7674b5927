import type { Distribution } from '../contract/distribution.ts';

const BINS = 41;

/** In two passes and float64. `bins`: an odd number. */
export function distributionOf(values: ArrayLike<number>, bins = BINS): Distribution {
  const count = values.length;
  let [sum, zeros, limit] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    sum += value;
    limit = Math.max(limit, Math.abs(value)); // NaN stays
    if (value === 0) zeros++;
  }
  const shared = { count, zeros: count === 0 ? 0 : zeros / count };
  if (!Number.isFinite(sum) || !Number.isFinite(limit))
    return { ...shared, mean: null, sd: null, limit: null, histogram: [] };
  const mean = count === 0 ? 0 : sum / count;
  const histogram = new Array<number>(bins).fill(0);
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    squares += (value - mean) ** 2;
    const place = limit === 0 ? 0.5 : 0.5 + value / limit / 2;
    histogram[Math.min(bins - 1, Math.floor(place * bins))]!++;
  }
  return { ...shared, mean, sd: count === 0 ? 0 : Math.sqrt(squares / count), limit, histogram };
}
