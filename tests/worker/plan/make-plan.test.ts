import { describe, expect, it } from 'vitest';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import { bytesOf } from '../../../src-worker/plan/size.ts';
import { tensorsOf } from '../../../src-worker/plan/program.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const experimentOf = (spec: unknown) => checkExperiment(spec, describedDatasets).experiment!;
const fashion = makePlan(experimentOf(presetSpec('fashion-5-layer')), {
  shape: [28, 28, 1],
  classes: 10,
  values: [],
  examples: 54_000
});

describe('a plan', () => {
  it('gives every parameter a place of its own, whole vectors apart', () => {
    expect(fashion.parameters.map(({ name, at, size }) => [name, at, size]).slice(0, 3)).toEqual([
      ['h1.W', 0, 78_400],
      ['h1.b', 78_400, 100],
      ['h2.W', 78_500, 10_000]
    ]);
    for (const [index, { at, size }] of fashion.parameters.entries()) {
      expect(at % 4).toBe(0);
      expect(fashion.parameters[index + 1]?.at ?? fashion.arena).toBeGreaterThanOrEqual(at + size);
    }
    expect(fashion.parameters.reduce((sum, { size }) => sum + size, 0)).toBe(109_810);
  });

  it('writes every tensor before it reads it, and every gradient at all', () => {
    const given = [...fashion.feeds.map(({ tensor }) => tensor), ...fashion.parameters.map(({ value }) => value)];
    const known = new Set(given.map(({ id }) => id));
    for (const op of fashion.gradients) {
      const { reads, writes } = tensorsOf(op);
      for (const tensor of reads) expect(known, `${op.op} reads ${tensor.name}`).toContain(tensor.id);
      for (const tensor of writes) known.add(tensor.id);
    }
    for (const { gradient } of fashion.parameters) expect(known).toContain(gradient.id);
  });

  it('has no gradient for the examples, which cannot learn', () => {
    expect(fashion.tensors.map(({ name }) => name)).not.toContain('input.dy');
  });

  it('writes a gradient first and adds to it only where a tensor feeds two layers', () => {
    expect(fashion.gradients.some((op) => 'add' in op && op.add)).toBe(false);
  });

  it('cuts the batch into shards by the size of the work alone', () => {
    expect(fashion.shards).toBe(2);
    const tiny = makePlan(experimentOf(presetSpec('xor')), { shape: [2], classes: 2, values: [], examples: 800 });
    expect(tiny.shards).toBe(1);
  });

  it('has no batch larger than the training set', () => {
    const full = experimentOf(setPath(presetSpec('xor'), 'training.batchSize', 5000));
    expect(makePlan(full, { shape: [2], classes: 2, values: [], examples: 800 }).batchSize).toBe(800);
  });

  const data = { shape: [28, 28, 1], classes: 10, values: [], examples: 54_000 };
  const wide = (units: number, batchSize: number) =>
    experimentOf(
      setPath(setPath(presetSpec('fashion-5-layer'), 'network.nodes.h1.units', units), 'training.batchSize', batchSize)
    );

  it('is refused where no engine could hold it, before any memory is taken', () => {
    const before = process.memoryUsage().arrayBuffers;
    const huge = setPath(wide(65_536, 1), 'network.nodes.h2.units', 65_536);
    expect(() => makePlan(huge, data)).toThrow(
      expect.objectContaining({
        code: 'out_of_memory',
        message: expect.stringMatching(/Not even a batch of 1 fits: use smaller layers\.$/),
        details: expect.objectContaining({ limitBytes: 2 ** 32, largestBatch: 0 })
      })
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });

  it('is not refused for its batch, of which an engine may need only a part at a time', () => {
    const plan = makePlan(wide(20_000, 50_000), data);
    expect(bytesOf(plan)).toBeGreaterThan(2 ** 32);
  });
});
