import { describe, expect, it } from 'vitest';
import { sketchOf } from '../../../src-worker/observe/sketch.ts';

describe('a sketch', () => {
  it('has few digits, and heights from 0 to 99', () => {
    const { histogram, ...rest } = sketchOf([-2, 0, 0, ...Array<number>(300).fill(1), 2 / 3]);
    expect(rest).toEqual({
      ...{ count: 304, zeros: 0.006579, mean: 0.9825, sd: 0.1904, limit: 2, min: -2, max: 1 }
    });
    expect(histogram).toHaveLength(25);
    // A bin is 4/25 wide: −2 in the first, 0 in the middle one, 1 six bins further, 2/3 four.
    expect([histogram[0], histogram[12], histogram[16], histogram[18]]).toEqual([1, 1, 1, 99]);
    expect(histogram.reduce((sum, height) => sum + height)).toBe(102);
  });

  it('of a large tensor is that of a part of it, spread over all columns', () => {
    const columns = 128;
    const values = Float32Array.from({ length: 3000 * columns }, (_, i) => i % columns);
    const { count, mean, sd, min, max } = sketchOf(values);
    expect([count, min, max]).toEqual([384_000, 0, 127]);
    expect(Math.abs(mean! - 63.5)).toBeLessThan(0.1);
    expect(Math.abs(sd! - Math.sqrt((128 ** 2 - 1) / 12))).toBeLessThan(0.1);
  });

  it('of nothing but zeros stands in the middle; of what is not finite there is nothing', () => {
    expect(sketchOf([0, 0]).histogram.map((height, i) => height * i)).toEqual(
      Array.from({ length: 25 }, (_, i) => (i === 12 ? 99 * 12 : 0))
    );
    expect(sketchOf([1, NaN])).toMatchObject({ mean: null, min: null, max: null, histogram: [] });
  });
});
