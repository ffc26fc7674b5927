import { describe, expect, it } from 'vitest';
import { datasetInfoSchema } from '../../../src-worker/contract/dataset.ts';
import { generateDataset } from '../../../src-worker/data/generators/generator.ts';
import { generators } from '../../../src-worker/data/generators/table.ts';

/** A rule that a person would write down for each figure: the class of a point. */
const rules: Record<string, (x: number, y: number) => number> = {
  circles: (x, y) => (Math.hypot(x, y) < 3 ? 0 : 1),
  xor: (x, y) => (x * y >= 0 ? 0 : 1),
  gauss: (x, y) => (x + y > 0 ? 0 : 1),
  spiral: (x, y) => {
    const angle = Math.atan2(x, y) - (1.75 * 2 * Math.PI * Math.hypot(x, y)) / 5;
    return Math.cos(angle) > 0 ? 0 : 1;
  }
};

function accuracy(name: string, noise: number): number {
  const { info, examples, labels } = generateDataset(generators[name]!, { noise });
  const right = labels.filter((label, row) => rules[info.name]!(examples[2 * row]!, examples[2 * row + 1]!) === label);
  return right.length / labels.length;
}

describe.each(Object.keys(generators))('%s', (name) => {
  const dataset = generateDataset(generators[name]!);

  it('has 1000 training and 500 test points, both balanced', () => {
    expect(datasetInfoSchema.parse(dataset.info)).toMatchObject({
      name,
      origin: 'generated',
      trainCount: 1000,
      testCount: 500
    });
    expect(dataset.examples).toHaveLength(3000);
    expect(dataset.labels.subarray(0, 1000).reduce((a, b) => a + b, 0)).toBe(500);
    expect(dataset.labels.subarray(1000).reduce((a, b) => a + b, 0)).toBe(250);
  });

  it('is the same every time, and another with another seed', () => {
    expect(generateDataset(generators[name]!)).toEqual(dataset);
    expect(generateDataset(generators[name]!, { seed: 2 }).examples).not.toEqual(dataset.examples);
  });

  it('follows its rule exactly without noise (clouds: but for their tails)', () => {
    expect(accuracy(name, 0)).toBeGreaterThanOrEqual(name === 'gauss' ? 0.999 : 1);
  });

  it('follows its rule for at least 95 % of the points with its usual noise, and less with more', () => {
    expect(accuracy(name, 0.1)).toBeGreaterThanOrEqual(0.95);
    expect(accuracy(name, 0.5)).toBeLessThan(accuracy(name, 0.1));
  });

  it('cannot be told from one coordinate alone, so that the network has something to learn', () => {
    const { examples, labels } = dataset;
    const byX = labels.filter((label, row) => (examples[2 * row]! > 0 ? 0 : 1) === label).length / labels.length;
    expect(byX).toBeLessThan(name === 'gauss' ? 0.98 : 0.7);
  });

  it('stays within the ranges of its figure', () => {
    const { examples } = generateDataset(generators[name]!, { noise: 0 });
    const reach = { circles: 5, xor: 5.3, gauss: 5, spiral: 5 }[name]!;
    const largest = (examples as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(Math.fround(reach));
    expect(largest).toBeGreaterThan(0.7 * reach);
  });
});

describe('options', () => {
  it('change the number of points', () => {
    const { info, labels } = generateDataset(generators.xor!, { trainCount: 10, testCount: 0 });
    expect([info.trainCount, info.testCount, labels.length]).toEqual([10, 0, 10]);
  });
});
