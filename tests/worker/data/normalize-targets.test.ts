import { describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import { fitTargets, learnedOf, quantitiesOf } from '../../../src-worker/data/normalize-targets.ts';

const about = { name: 'test', title: 'Test', origin: 'user', license: 'MIT', source: 'test' } as const;
const info: DatasetInfo = {
  ...about,
  ...{ shape: [1], classes: [], trainCount: 5, testCount: 0, encoding: 'floats' },
  values: [
    { name: 'price', kind: 'number' },
    { name: 'has garden', kind: 'binary' },
    { name: 'floors', kind: 'number' }
  ]
};
const values = Float32Array.of(100_000, 1, 7, 200_000, 0, 7, 300_000, 1, 7, NaN, NaN, 7, 9e9, 0, 1);
const rows = Int32Array.of(0, 1, 2, 3);

describe('targets', () => {
  it('are fitted by column on what the training rows know, columns of yes and no left alone', () => {
    const { shift, scale } = fitTargets('standardize', { info, values }, rows);
    expect(shift).toEqual([200_000, 0, 7]);
    expect(scale[0]).toBeCloseTo(100_000 * Math.sqrt(2 / 3), 8);
    expect(scale.slice(1)).toEqual([1, 1]);
  });

  it('find no spread in a constant whose sum rounds', () => {
    const price = { ...info, values: [{ name: 'price', kind: 'number' as const }] };
    const constant = new Float32Array(1000).fill(0.1);
    const all = Int32Array.from({ length: 1000 }, (_, row) => row);
    const fit = fitTargets('standardize', { info: price, values: constant }, all);
    expect(fit).toEqual({ shift: [Math.fround(0.1)], scale: [1] });
  });

  it('are learned with mean 0 and deviation 1, missing ones missing', () => {
    const learned = learnedOf(fitTargets('standardize', { info, values }, rows), values);
    const side = Math.fround(Math.sqrt(1.5));
    expect([...learned.subarray(0, 12)]).toEqual([-side, 1, 0, 0, 0, 0, side, 1, 0, NaN, NaN, 0]);
  });

  it('come back as they were, whichever columns an output has', () => {
    const fit = fitTargets('standardize', { info, values }, rows);
    const learned = learnedOf(fit, values);
    const [first, last] = [[...learned.subarray(0, 3)], [...learned.subarray(12)]];
    const back = quantitiesOf(fit, [2, 0], [first[2]!, first[0]!, last[2]!, last[0]!]);
    expect(back[0]).toBe(7);
    expect(back[1]).toBeCloseTo(100_000, 1);
    expect(back[2]).toBe(1);
    expect(back[3]! / 9e9).toBeCloseTo(1, 6);
  });

  it('stay as they are where nothing is asked for', () => {
    const fit = fitTargets('none', { info, values }, rows);
    expect(fit).toEqual({ shift: [0, 0, 0], scale: [1, 1, 1] });
    expect(learnedOf(fit, values)).toEqual(values);
  });
});
