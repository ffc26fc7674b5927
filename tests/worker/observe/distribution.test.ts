import { describe, expect, it } from 'vitest';
import { distributionOf } from '../../../src-worker/observe/distribution.ts';

describe('a distribution', () => {
  it('has mean, deviation, zeros and a histogram about 0', () => {
    const { histogram, ...rest } = distributionOf(Float32Array.of(-2, 0, 0, 1, 2, 2));
    expect(rest).toMatchObject({ count: 6, zeros: 2 / 6, mean: 0.5, limit: 2 });
    expect(rest.sd).toBeCloseTo(Math.sqrt((6.25 + 0.25 * 2 + 0.25 + 2.25 * 2) / 6), 12);
    expect(histogram).toHaveLength(41);
    expect([histogram[0], histogram[20], histogram[30], histogram[40]]).toEqual([1, 2, 1, 2]);
    expect(histogram.reduce((sum, count) => sum + count)).toBe(6);
  });

  it('of nothing but zeros has them in the middle', () => {
    expect(distributionOf([0, 0])).toMatchObject({ zeros: 1, sd: 0, limit: 0 });
    expect(distributionOf([0, 0]).histogram[20]).toBe(2);
  });

  it.each([[[1, NaN]], [[1, Infinity]], [[-Infinity, Infinity]]])('of %s is not finite', (values) => {
    expect(distributionOf(values)).toMatchObject({ count: 2, mean: null, sd: null, limit: null, histogram: [] });
  });
});
