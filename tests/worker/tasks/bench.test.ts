import { describe, expect, it } from 'vitest';
import { workloadNames } from '../../../src-worker/contract/bench.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import { tensorsOf } from '../../../src-worker/plan/program.ts';
import { multiplyAddsOf } from '../../../src-worker/tasks/bench/multiply-adds.ts';
import { simdPeak } from '../../../src-worker/tasks/bench/simd-peak.ts';
import { workloads } from '../../../src-worker/tasks/bench/workloads/table.ts';
import { datasetOf, experimentOf } from '../../../src-worker/tasks/bench/workloads/workload.ts';

const planOf = (name: keyof typeof workloads) => {
  const workload = workloads[name];
  return makePlan(experimentOf(workload, 'adam'), { shape: workload.shape, classes: workload.classes, values: [] });
};

describe('multiply-adds of a step', () => {
  it('are those of three products for each layer, and two for the first', () => {
    const forward = 784 * 100 + 3 * 100 * 100 + 100 * 10;
    expect(multiplyAddsOf(planOf('mlp'))).toBe(128 * (3 * forward - 784 * 100));
  });

  it('count a convolution by its windows', () => {
    const [first, second] = [28 * 28 * 9 * 16, 14 * 14 * 9 * 16 * 32];
    const dense = 7 * 7 * 32 * 128 + 128 * 10;
    expect(multiplyAddsOf(planOf('cnn'))).toBe(64 * (2 * first + 3 * second + 3 * dense));
  });
});

describe('the workloads', () => {
  it.each(workloadNames)('%s is an experiment whose every parameter learns', (name) => {
    const { gradients, parameters } = planOf(name);
    const written = new Set(gradients.flatMap((op) => tensorsOf(op).writes.map(({ id }) => id)));
    expect(parameters.length).toBeGreaterThan(0);
    for (const { gradient } of parameters) expect(written).toContain(gradient.id);
  });

  it('are called by their names', () => {
    expect(Object.entries(workloads).map(([key, { name }]) => [key, name])).toEqual(
      expect.arrayContaining(workloadNames.map((name) => [name, name]))
    );
  });

  it('have the same data each time, with every class', () => {
    const [first, second] = [datasetOf(workloads.tiny), datasetOf(workloads.tiny)];
    expect(first).toEqual(second);
    expect([...new Set(first.labels)].sort()).toEqual([0, 1]);
  });
});

describe('the SIMD peak', () => {
  it('is more than a processor does one number at a time', () => {
    const peak = simdPeak(() => performance.now());
    peak.measure(20);
    // The best of some: another program may take the processor away for all of one.
    expect(Math.max(...Array.from({ length: 5 }, () => peak.measure(20)))).toBeGreaterThan(2);
  });
});
