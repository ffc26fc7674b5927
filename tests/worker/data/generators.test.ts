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
  },
  moons: (x, y) => {
    const [u, v] = [x / 3 + 0.5, y / 3 + 0.25];
    return toHalfCircle(u, v) < toHalfCircle(1 - u, 0.5 - v) ? 0 : 1;
  }
};
/** Distance from the upper half of the unit circle. */
const toHalfCircle = (x: number, y: number) =>
  y >= 0 ? Math.abs(Math.hypot(x, y) - 1) : Math.hypot(Math.abs(x) - 1, y);

function accuracy(name: string, noise: number): number {
  const { info, examples, labels } = generateDataset(generators[name]!, { noise });
  const right = labels.filter((label, row) => rules[info.name]!(examples[2 * row]!, examples[2 * row + 1]!) === label);
  return right.length / labels.length;
}

describe.each(Object.keys(rules))('%s', (name) => {
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
    const reach = { circles: 5, xor: 5.3, gauss: 5, spiral: 5, moons: 4.5 }[name]!;
    const largest = (examples as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(Math.fround(reach));
    expect(largest).toBeGreaterThan(0.7 * reach);
  });
});

describe('plane', () => {
  const { info, examples, labels, values } = generateDataset(generators['plane']!, { noise: 0 });

  it('has no classes, one value, and as many points as the others', () => {
    expect(datasetInfoSchema.parse(info)).toMatchObject({
      shape: [2],
      columns: ['x', 'y'],
      classes: [],
      values: [{ name: 'height', kind: 'number' }],
      trainCount: 1000,
      testCount: 500
    });
    expect([examples.length, labels.length, values.length]).toEqual([3000, 1500, 1500]);
  });

  it('rises by a tenth of x + y without noise, within ±1.2', () => {
    values.forEach((height, row) => expect(height).toBeCloseTo((examples[2 * row]! + examples[2 * row + 1]!) / 10, 6));
    expect(values.reduce((most, height) => Math.max(most, Math.abs(height)), 0)).toBeGreaterThan(1);
    expect(values.reduce((most, height) => Math.max(most, Math.abs(height)), 0)).toBeLessThan(1.2);
  });

  it('is as far off as its noise says', () => {
    const noisy = generateDataset(generators['plane']!, { noise: 0.5 });
    const off = noisy.values.map(
      (height, row) => height - (noisy.examples[2 * row]! + noisy.examples[2 * row + 1]!) / 10
    );
    const deviation = Math.sqrt(off.reduce((sum, one) => sum + one * one, 0) / off.length);
    expect(deviation).toBeCloseTo((0.6 * 0.5 * Math.sqrt(2)) / Math.sqrt(3), 1.7); // two of U[−0.6, 0.6)·noise
  });
});

describe('shapes', () => {
  const dataset = generateDataset(generators['shapes']!, { noise: 0 });
  const { info, examples, labels, values } = dataset;
  const image = (row: number) => (examples as Uint8Array).subarray(784 * row, 784 * (row + 1));
  const rows = Array.from(labels, (_, row) => row);
  const inkOf = (row: number) => image(row).reduce((sum, value) => sum + value, 0);
  const isFilled = (row: number) => values[2 * row] === 1;

  it('is small images with a class and two values, balanced', () => {
    expect(datasetInfoSchema.parse(info)).toMatchObject({
      shape: [28, 28, 1],
      classes: ['circle', 'square', 'triangle'],
      values: [
        { name: 'is_filled', kind: 'binary' },
        { name: 'size', kind: 'number' }
      ],
      trainCount: 3000,
      testCount: 600,
      encoding: 'bytes'
    });
    for (const label of [0, 1, 2]) expect(labels.filter((one) => one === label)).toHaveLength(1200);
    const filled = rows.filter(isFilled).length / rows.length;
    expect(Math.abs(filled - 0.5)).toBeLessThan(0.035);
    expect(rows.every((row) => values[2 * row + 1]! >= 8 && values[2 * row + 1]! <= 14)).toBe(true);
  });

  it('is the same every time, and another with another seed', () => {
    const few = { trainCount: 30, testCount: 0 };
    expect(generateDataset(generators['shapes']!, few)).toEqual(generateDataset(generators['shapes']!, few));
    expect(generateDataset(generators['shapes']!, { ...few, seed: 2 })).not.toEqual(
      generateDataset(generators['shapes']!, few)
    );
  });

  it('shows a filled figure of the area that its size says, whichever figure it is', () => {
    for (const row of rows.filter(isFilled)) {
      const brightness = image(row).reduce((most, value) => Math.max(most, value), 0);
      expect(Math.sqrt(inkOf(row) / brightness)).toBeCloseTo(values[2 * row + 1]!, 0);
    }
  });

  it('shows an outline with nothing in its middle', () => {
    for (const row of rows.filter((one) => !isFilled(one))) {
      const ink = inkOf(row);
      const mean = (axis: (at: number) => number) =>
        Math.round(image(row).reduce((sum, value, at) => sum + value * axis(at), 0) / ink);
      const [x, y] = [mean((at) => at % 28), mean((at) => Math.floor(at / 28))];
      expect(image(row)[28 * y + x]).toBe(0);
    }
  });

  it('keeps every figure off the edge of the image', () => {
    for (const row of rows)
      for (let at = 0; at < 28; at++) {
        const edge = [at, 27 * 28 + at, 28 * at, 28 * at + 27].map((cell) => image(row)[cell]!);
        expect(Math.max(...edge)).toBeLessThanOrEqual(140); // a corner may be half a pixel in
      }
  });

  it('tells the figures apart by how far their ink reaches from its middle', () => {
    const reachOf = (row: number) => {
      const cells = Array.from(image(row), (value, at) => (value > 60 ? at : -1)).filter((at) => at >= 0);
      const [x, y] = [cells.map((at) => at % 28), cells.map((at) => Math.floor(at / 28))].map(
        (all) => all.reduce((a, b) => a + b, 0) / all.length
      ) as [number, number];
      return Math.max(...cells.map((at) => Math.hypot((at % 28) - x, Math.floor(at / 28) - y))) / values[2 * row + 1]!;
    };
    const means = [0, 1, 2].map((label) => {
      const some = rows.filter((row) => labels[row] === label && isFilled(row)).slice(0, 200);
      return some.reduce((sum, row) => sum + reachOf(row), 0) / some.length;
    });
    // Radius, half diagonal and corner of figures of area 1.
    [1 / Math.sqrt(Math.PI), Math.SQRT1_2, (2 / 3) * 3 ** 0.25].forEach((reach, label) =>
      expect(Math.abs(means[label]! - reach)).toBeLessThan(0.06)
    );
  });
});

describe('options', () => {
  it('change the number of points', () => {
    const { info, labels } = generateDataset(generators.xor!, { trainCount: 10, testCount: 0 });
    expect([info.trainCount, info.testCount, labels.length]).toEqual([10, 0, 10]);
  });
});
