import { describe, expect, it } from 'vitest';
import { CAPACITY, StepSeries } from '../../../src-renderer/state/step-series.ts';

function seriesOf(count: number, value: (step: number) => number | null): StepSeries {
  const series = new StepSeries();
  for (let step = 1; step <= count; step++) series.push(value(step));
  return series;
}

describe('a series of steps', () => {
  it('keeps every step of a short run', () => {
    const series = seriesOf(1000, (step) => step);
    expect(series).toMatchObject({ stride: 1, length: 1000, steps: 1000 });
    expect(series.mean[999]).toBe(1000);
    expect(series.stepAt(999)).toBe(1000);
  });

  it('stays within its memory and loses no extreme of a long run', () => {
    const series = seriesOf(CAPACITY * 3, (step) => (step === 70_001 ? 99 : step === 5 ? -7 : 1));
    expect(series.stride).toBe(4);
    expect(series.length).toBeLessThanOrEqual(CAPACITY);
    expect(Math.max(...series.high.subarray(0, series.length))).toBe(99);
    expect(Math.min(...series.low.subarray(0, series.length))).toBe(-7);
    expect(series.mean[series.indexOf(5)]).toBe(-1); // the mean of −7 and three ones
    expect(series.steps).toBe(CAPACITY * 3);
  });

  it('finds the bucket of a step', () => {
    const series = seriesOf(CAPACITY + 2, () => 1);
    expect(series.stride).toBe(2);
    expect([1, 2, 3, CAPACITY + 2].map((step) => series.indexOf(step))).toEqual([0, 0, 1, CAPACITY / 2]);
  });

  it('leaves a value that is not finite out of a bucket that has others', () => {
    const series = seriesOf(CAPACITY + 1, (step) => (step === 1 ? null : step === 2 ? 6 : 1));
    expect([series.low[0], series.high[0], series.mean[0]]).toEqual([6, 6, 6]);
  });
});
