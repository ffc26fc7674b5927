/** A batch in shards: the same bits whoever computes them, statistics of the whole batch included. */
import { describe, expect, it } from 'vitest';
import { wasmBackend } from '../../../src-worker/backends/wasm/wasm.ts';
import { nodeHost } from '../../support/node-host.ts';
import { smallExperiments, trainSmall } from '../../support/experiments.ts';

describe.each(['simd', 'relaxed'] as const)('training on the %s build', (variant) => {
  const backend = wasmBackend({ variant });

  it.each(smallExperiments)('gives the same bits with one, two and three threads: $title', async (experiment) => {
    const one = await trainSmall(backend, experiment);
    for (const threads of [2, 3])
      expect(await trainSmall(backend, experiment, { threads, host: nodeHost(threads) })).toEqual(one);
  });

  it.each(smallExperiments)(
    'comes to the same with any number of shards, but for rounding: $title',
    async (experiment) => {
      const [one, six] = [
        await trainSmall(backend, experiment, { shards: 1 }),
        await trainSmall(backend, experiment, { shards: 6 })
      ];
      for (const [i, value] of one.parameters.entries()) expect(six.parameters[i]).toBeCloseTo(value, 4);
      for (const [m, sums] of one.sums.entries())
        for (const [s, value] of sums.entries()) expect(six.sums[m]![s]).toBeCloseTo(value, 3);
    }
  );
});
