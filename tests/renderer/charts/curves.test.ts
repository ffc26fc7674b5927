import { describe, expect, it } from 'vitest';
import { seriesOf, readAt, type Curve } from '../../../src-renderer/charts/curve.ts';
import { toCsv } from '../../../src-renderer/charts/csv.ts';
import { decimate, type Series } from '../../../src-renderer/charts/decimate.ts';
import { yDomain } from '../../../src-renderer/charts/domain.ts';
import { spread } from '../../../src-renderer/charts/end-labels.ts';
import { gapBetween } from '../../../src-renderer/charts/gap.ts';
import { makeAxis } from '../../../src-renderer/charts/scales.ts';
import { smooth, usualWeight } from '../../../src-renderer/charts/smooth.ts';

const noise: Series = {
  length: 100_000,
  x: (i) => i,
  low: (i) => (i === 61_234 ? -50 : Math.sin(i)),
  high: (i) => (i === 40_001 ? 50 : Math.sin(i))
};

describe('decimation', () => {
  it('keeps every peak and at most two points a pixel', () => {
    const points = decimate(noise, { from: 0, to: 100_000, columns: 800 });
    expect(points.length).toBeLessThanOrEqual(2 * 801);
    expect(Math.max(...points.map(([, y]) => y))).toBe(50);
    expect(Math.min(...points.map(([, y]) => y))).toBe(-50);
  });

  it('shows every point of a part that has room', () => {
    expect(decimate(noise, { from: 10, to: 14, columns: 800 }).map(([x]) => x)).toEqual([9, 10, 11, 12, 13, 14, 15]);
  });

  it('can let the middle of a pixel stand for it', () => {
    const points = decimate(noise, { from: 0, to: 100_000, columns: 800, keep: 'middle' });
    expect(points.length).toBeLessThanOrEqual(802);
    expect(points[1]?.[1]).toBeCloseTo(0, 1);
  });

  it('rises along x', () => {
    const xs = decimate(noise, { from: 5000, to: 60_000, columns: 300 }).map(([x]) => x);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
  });
});

describe('smoothing', () => {
  it('starts at the first value: the bias of the start is taken out', () => {
    const out = smooth(new Float32Array([4, 4, 4]), 3, 0.9);
    for (const value of out) expect(value).toBeCloseTo(4, 5);
  });

  it('equals the formula by hand', () => {
    const [, second] = smooth(new Float32Array([1, 2]), 2, 0.5);
    expect(second).toBeCloseTo((0.5 * 0.5 * 1 + 0.5 * 2) / (1 - 0.25), 6);
  });

  it('passes over a break', () => {
    const out = smooth(new Float32Array([2, NaN, 2]), 3, 0.9);
    expect(out[1]).toBeNaN();
    expect(out[2]).toBeCloseTo(2, 5);
  });

  it('looks back over about a quarter of an epoch by itself', () => {
    expect([1, 71, 422, 100_000].map(usualWeight)).toEqual([0.5, 0.95, 0.99, 0.999]);
  });
});

describe('the y axis', () => {
  const line = (...values: number[]) => ({
    role: 'line' as const,
    points: values.map((y, x): [number, number] => [x, y])
  });

  it('covers all of a line with few points', () => expect(yDomain([line(0.2, 3)], false)).toEqual([0.2, 3]));
  it('does not let the first steps of a dense curve flatten the rest', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i < 10 ? 100 : 1 + (i % 10) / 10));
    expect(yDomain([line(...values)], false)[1]).toBeLessThan(2);
  });
  it('leaves out what a log axis cannot show', () => expect(yDomain([line(-1, 0, 0.5, 2)], true)).toEqual([0.5, 2]));
  it('gives a flat line room', () => expect(yDomain([line(2, 2)], false)).toEqual([1.8, 2.2]));
  it('tells neighbouring ticks apart', () => {
    const axis = makeAxis({
      domain: [0.1, 0.45],
      range: [300, 0],
      count: 7,
      nice: true,
      format: (value, decimals) => value.toFixed(decimals)
    });
    const labels = axis.ticks().map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).toContain('0.25');
  });
});

describe('reading a curve', () => {
  const series = seriesOf([1, 2, 4], [0.5, null, 0.25]);
  const curve: Curve = {
    key: 'a',
    label: 'a',
    colour: '',
    role: 'line',
    dash: 'none',
    width: 1,
    marker: null,
    series,
    value: series.value
  };

  it('takes the nearest measured point', () => expect(readAt(curve, 3.2)).toEqual({ x: 4, y: 0.25 }));
  it('finds nothing where there is no number', () => expect(readAt(curve, 2.2)).toBeNull());
});

it('the gap between two curves ends where either does', () => {
  const dev = seriesOf([1, 3], [10, 20]);
  expect(gapBetween([[0, 1], [1, 1], [2, 1], [3, NaN], [4, 1]], dev)).toEqual([[1, 1, 10], [2, 1, 15]]); // prettier-ignore
});

it('labels keep their distance and their order', () => {
  expect(spread([10, 12, 50, 11], 14, 0, 100)).toEqual([10, 38, 52, 24]);
  expect(spread([98, 99], 14, 0, 100)).toEqual([86, 100]);
});

it('CSV quotes what needs it and runs no formula', () => {
  expect(toCsv([['a,b', 'say "x"', '=1+1'], [1.5, null, NaN]])).toBe('"a,b","say ""x""",\'=1+1\r\n1.5,,\r\n'); // prettier-ignore
});
