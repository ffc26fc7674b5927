import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src-worker/contract/lab-api.ts';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { compareVariants, meanOf, runResult } from '../../../src-main/lab/comparison.ts';
import { distributionOf } from '../../../src-worker/observe/distribution.ts';
import { presetSpec } from '../../support/datasets.ts';

const metrics = (loss: number, accuracy: number) => ({ loss, accuracy });
const epoch = (number: number, dev: number): RunEvent => ({
  ...{ type: 'epoch', epoch: number, step: number, seconds: number },
  ...{ train: metrics(1 / number, 0.9), dev: metrics(dev, 0.8) }
});
const ended = (more: object = {}): RunEvent => ({
  ...{ type: 'end', status: 'completed', step: 3, test: metrics(0.6, 0.75), seconds: 3, error: null },
  ...more
});
const record = (id: number, events: RunEvent[]): RunRecord => ({
  summary: { id, status: 'completed', seconds: 3 } as RunRecord['summary'],
  experiment: { ...presetSpec('xor'), seed: id },
  events
});

describe('the result of a run', () => {
  it('has the last epoch where nothing better was measured', () => {
    const result = runResult('a', record(7, [epoch(1, 0.5), epoch(2, 0.7), ended()]));
    expect(result).toMatchObject({ run: 7, seed: 7, epochs: 2, train: metrics(0.5, 0.9), dev: metrics(0.7, 0.8) });
    expect(result.gap).toBeCloseTo(0.15, 12);
  });

  it('has the dev metrics of the weights that were put back', () => {
    const best = { best: { epoch: 1, restored: true } };
    expect(runResult('a', record(1, [epoch(1, 0.5), epoch(2, 0.7), ended(best)])).dev).toEqual(metrics(0.5, 0.8));
  });

  it('has the train metrics of the final weights where they were measured', () => {
    const final = { final: { train: metrics(0.2, 0.95), weights: [] } };
    const result = runResult('a', record(1, [epoch(1, 0.5), ended(final)]));
    expect(result.train).toEqual(metrics(0.2, 0.95));
    expect(result.gap).toBeCloseTo(0.2, 12);
  });

  it('has the share of weights that are exactly 0, over all layers', () => {
    const weights = [
      { node: 'h1', name: 'h1.W', values: distributionOf([0, 0, 0, 1]) },
      { node: 'out', name: 'out.W', values: distributionOf([0, 1]) }
    ];
    const final = { final: { train: metrics(0.2, 0.95), weights } };
    expect(runResult('a', record(1, [epoch(1, 0.5), ended(final)])).zeros).toBeCloseTo(4 / 6, 12);
    expect(runResult('a', record(1, [epoch(1, 0.5), ended()])).zeros).toBeNull();
  });

  it('has no gap without a test', () => {
    expect(runResult('a', record(1, [epoch(1, 0.5), ended({ test: null })])).gap).toBeNull();
  });
});

describe('the comparison', () => {
  it('takes means and deviations over the seeds of each variant, in order', () => {
    const results = [
      runResult('b', record(1, [epoch(1, 0.5), ended()])),
      runResult('b', record(2, [epoch(1, 0.9), ended()])),
      runResult('a', record(3, [epoch(1, 0.3), ended()]))
    ];
    const [b, a] = compareVariants(results);
    expect([b!.variant, b!.runs, a!.variant, a!.runs]).toEqual(['b', [1, 2], 'a', [3]]);
    expect(b!.dev.loss.mean).toBeCloseTo(0.7, 12);
    expect(b!.dev.loss.sd).toBeCloseTo(Math.sqrt(0.08), 12);
    expect(a!.dev.loss).toEqual({ mean: 0.3, sd: null });
  });

  it('leaves out what is not known', () => {
    expect(meanOf([null, 4, undefined])).toEqual({ mean: 4, sd: null });
    expect(meanOf([null])).toEqual({ mean: null, sd: null });
  });
});
