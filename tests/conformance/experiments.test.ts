/** Whole experiments trained on every backend and on the reference in float64: the same path. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { nodeBackends } from '../support/backends.ts';
import { smallExperiments, trainSmall } from '../support/experiments.ts';

const oracle = referenceBackend('float64');

/** Largest difference, relative to the largest value. */
function difference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  let [worst, largest] = [0, 1e-6];
  for (let i = 0; i < wanted.length; i++) {
    worst = Math.max(worst, Math.abs(got[i]! - wanted[i]!));
    largest = Math.max(largest, Math.abs(wanted[i]!));
  }
  return worst / largest;
}

describe.each(nodeBackends)('%s', (_, backend) => {
  it.each(smallExperiments)('trains as the reference does: $title', async (experiment) => {
    const [got, wanted] = [await trainSmall(backend, experiment), await trainSmall(oracle, experiment)];
    expect(got.done).toBe(wanted.done);
    for (const [measure, sums] of wanted.sums.entries())
      expect(difference(got.sums[measure]!, sums), `measure ${measure}`).toBeLessThan(1e-4);
    expect(difference(got.parameters, wanted.parameters)).toBeLessThan(1e-4);
    expect(difference(got.evaluated, wanted.evaluated)).toBeLessThan(1e-4);
    expect(difference(got.outputs, wanted.outputs)).toBeLessThan(1e-4);
  });
});
