/** Short training runs on the kernels of the GPU backends, run in JavaScript, against the reference backend in float64. */
import { describe, expect, it } from 'vitest';
import { gpujsCpu } from '../../../src-worker/backends/gpujs/gpujs.ts';
import { differenceOf, planCases } from './plan-cases.ts';

describe('training follows the reference', () => {
  it.each(planCases)('with $title', async (one) => {
    const { sums, judged, outputs, end } = await differenceOf(gpujsCpu, one);
    expect(Math.max(sums, judged, outputs, end)).toBeLessThan(2e-6);
  });
});
