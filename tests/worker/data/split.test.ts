import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src-worker/data/random.ts';
import { apportion, splitExamples } from '../../../src-worker/data/split.ts';

/** `counts[c]` examples of class c, in random order. */
function labelsWith(counts: readonly number[], seed = 1): Uint8Array {
  const labels = Int32Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)));
  randomStream(seed, 'generate').shuffle(labels);
  return Uint8Array.from(labels);
}
const countsOf = (rows: Int32Array, labels: Uint8Array, classes: number) =>
  Array.from({ length: classes }, (_, label) => rows.filter((row) => labels[row] === label).length);

const even = {
  labels: labelsWith([600, 600, 600]),
  classes: 3,
  limit: null,
  split: { train: 0.9, dev: 0.1 },
  seed: 42
};
const uneven = { ...even, labels: labelsWith([701, 23, 3, 0, 290]), classes: 5, split: { train: 0.85, dev: 0.15 } };

describe('a split', () => {
  it('uses every example once when the shares add up to one', () => {
    const { train, dev } = splitExamples(even);
    expect([train.length, dev.length]).toEqual([1620, 180]);
    expect([...train, ...dev].sort((a, b) => a - b)).toEqual(Array.from({ length: 1800 }, (_, row) => row));
  });

  it('gives each class its exact share when that is whole', () => {
    const { train, dev } = splitExamples(even);
    expect(countsOf(dev, even.labels, 3)).toEqual([60, 60, 60]);
    expect(countsOf(train, even.labels, 3)).toEqual([540, 540, 540]);
  });

  it('stays within one example of each class’s share and keeps the totals exact when it is not', () => {
    const { train, dev } = splitExamples(uneven);
    expect([train.length, dev.length]).toEqual([1017 - 153, 153]); // 0.15 · 1017 = 152.55
    countsOf(dev, uneven.labels, 5).forEach((count, label) => {
      const share = ([701, 23, 3, 0, 290][label]! * 153) / 1017;
      expect(Math.abs(count - share)).toBeLessThan(1);
    });
  });

  it('draws a limited number by class first', () => {
    const { train, dev } = splitExamples({ ...uneven, limit: 100 });
    expect([train.length, dev.length]).toEqual([85, 15]);
    const used = countsOf(Int32Array.of(...train, ...dev), uneven.labels, 5);
    expect(used).toEqual([69, 2, 0, 0, 29]); // shares 68.9, 2.3, 0.3, 0, 28.5: the largest remainders get the two that are missing
  });

  it('leaves out what train and dev leave over, and never overlaps', () => {
    const { train, dev } = splitExamples({ ...even, split: { train: 0.5, dev: 0.2 } });
    expect([train.length, dev.length]).toEqual([900, 360]);
    expect(new Set([...train, ...dev]).size).toBe(1260);
  });

  it('is the same for the same seed, another for another seed', () => {
    expect(splitExamples(even)).toEqual(splitExamples(even));
    expect(splitExamples({ ...even, seed: 43 }).dev).not.toEqual(splitExamples(even).dev);
  });

  it('draws evenly: over many seeds each example is in dev as often as any other', () => {
    const labels = labelsWith([20, 20]);
    const times = new Array<number>(40).fill(0);
    for (let seed = 0; seed < 2000; seed++)
      for (const row of splitExamples({ ...even, labels, classes: 2, split: { train: 0.75, dev: 0.25 }, seed }).dev)
        times[row]!++;
    const chi = times.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
    expect(chi).toBeLessThan(80); // about χ²(39), once in 10 000
  });

  it('has an empty dev set when none is asked for, and a limit above the number of examples is no limit', () => {
    const { train, dev } = splitExamples({ ...even, split: { train: 1, dev: 0 }, limit: 1_000_000 });
    expect([train.length, dev.length]).toEqual([1800, 0]);
  });

  it('keeps at least one training example of the smallest set', () => {
    const { train, dev } = splitExamples({ ...even, labels: Uint8Array.of(0), split: { train: 0.01, dev: 0.98 } });
    expect([train.length, dev.length]).toEqual([1, 0]);
  });

  it('draws without regard to labels where there are no classes', () => {
    const labels = new Uint8Array(1000);
    const { train, dev } = splitExamples({ ...even, labels, classes: 0, limit: 500 });
    expect([train.length, dev.length]).toEqual([450, 50]);
    expect(new Set([...train, ...dev]).size).toBe(500);
    const middle = dev.reduce((sum, row) => sum + row, 0) / 50;
    expect(Math.abs(middle - 499.5)).toBeLessThan(4 * (1000 / Math.sqrt(12 * 50))); // not the first or the last ones
  });

  it('lists rows in ascending order', () => {
    const { train } = splitExamples(even);
    expect(train.every((row, at) => at === 0 || row > train[at - 1]!)).toBe(true);
  });
});

describe('apportion', () => {
  it('hands the missing ones to the largest remainders, the first of equals first', () => {
    expect(apportion(7, [5, 3, 2])).toEqual([4, 2, 1]); // 3.5, 2.1, 1.4
    expect(apportion(2, [1, 1, 1])).toEqual([1, 1, 0]);
  });

  it('never gives more than there is', () => {
    expect(apportion(1017, [701, 23, 3, 0, 290])).toEqual([701, 23, 3, 0, 290]);
  });
});
