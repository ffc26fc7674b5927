import { describe, expect, it } from 'vitest';
import { compare } from '../../../src-worker/verify/compare.ts';
import type { ExpectedTensor } from '../../../src-worker/verify/golden.ts';

const expected: ExpectedTensor = {
  dtype: 'f64',
  shape: [3],
  data: Float64Array.of(0, 1, -100),
  atol: 0.01,
  rtol: 0.1
};

describe('comparing', () => {
  it('measures each difference in units of its own tolerance and reports the worst', () => {
    expect(compare([0.005, 1, -105.005], expected)).toEqual({
      worst: expect.closeTo(0.5, 12),
      at: 0,
      got: 0.005,
      expected: 0
    });
    expect(compare([0, 1.22, -100], expected)).toMatchObject({ worst: expect.closeTo(2, 12), at: 1 });
  });

  it('accepts exactly the tolerance and nothing that is not a number', () => {
    expect(compare([0.01, 1, -100], expected)).toMatchObject({ worst: 1, at: 0 });
    expect(compare([0, NaN, -50], expected)).toMatchObject({ worst: Infinity, at: 1 });
    expect(compare([0, 1, -Infinity], expected)).toMatchObject({ worst: Infinity, at: 2 });
  });

  it('widens the tolerance by the factor of a backend', () => {
    expect(compare([0, 1.22, -100], expected, 4).worst).toBeCloseTo(0.5, 12);
  });

  it('takes values without a tolerance as exact', () => {
    const exact: ExpectedTensor = { dtype: 'i32', shape: [2], data: Int32Array.of(0, 7), atol: 0, rtol: 0 };
    expect(compare([0, 7], exact).worst).toBe(0);
    expect(compare([0, 8], exact)).toMatchObject({ worst: Infinity, at: 1, got: 8, expected: 7 });
  });

  it('refuses a different number of values', () => {
    expect(() => compare([1], expected)).toThrow('1 values instead of 3');
  });
});
