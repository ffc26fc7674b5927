import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../../src-worker/contract/fields.ts';
import { factorAfter } from '../../../src-worker/schedules/learning-rate.ts';
import { schedules } from '../../../src-worker/schedules/table.ts';

const settings = (more: Record<string, unknown>) =>
  schemaOf('reduce-on-plateau', schedules['reduce-on-plateau']!.config).parse({
    kind: 'reduce-on-plateau',
    patience: 2,
    minDelta: 0,
    ...more
  });

/** The factor of every epoch, the first before anything is known. */
function factors(metric: 'loss' | 'accuracy', values: readonly (number | null)[], more = {}, base = 0.1): number[] {
  const schedule = settings({ monitor: metric, ...more });
  const history = values.map((value) => ({ loss: null, accuracy: null, [metric]: value }));
  return [0, ...values.keys(), values.length]
    .filter((known, index, all) => all.indexOf(known) === index)
    .map((known) => factorAfter(history.slice(0, known), base, schedule));
}

describe('reducing the learning rate on a plateau', () => {
  it('halves it after so many epochs without a new best, again and again', () =>
    expect(factors('loss', [1, 0.9, 0.95, 0.9, 0.91, 0.92])).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.25]));

  it('begins to count anew with every new best', () =>
    expect(factors('loss', [1, 1.1, 0.9, 0.95, 0.8, 0.8, 0.7])).toEqual([1, 1, 1, 1, 1, 1, 1, 1]));

  it('wants an accuracy to rise', () =>
    expect(factors('accuracy', [0.5, 0.6, 0.55, 0.6, 0.7])).toEqual([1, 1, 1, 1, 0.5, 0.5]));

  it('takes a gain of minDelta or less for none', () => {
    const falling = [1, 0.95, 0.9, 0.85];
    expect(factors('loss', falling, { minDelta: 0.04 })).toEqual([1, 1, 1, 1, 1]);
    expect(factors('loss', falling, { minDelta: 0.2 })).toEqual([1, 1, 1, 0.5, 0.5]);
  });

  it('does not count epochs of the cooldown', () => {
    const flat = [1, 1, 1, 1, 1, 1, 1, 1];
    expect(factors('loss', flat)).toEqual([1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
    expect(factors('loss', flat, { cooldown: 2 })).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  it('goes no lower than the least rate, and never above the base rate', () => {
    const flat = [1, 1, 1, 1, 1, 1, 1];
    const floored = factors('loss', flat, { factor: 0.1, min: 0.005 });
    for (const [i, factor] of [1, 1, 1, 0.1, 0.1, 0.05, 0.05, 0.05].entries())
      expect(floored[i]).toBeCloseTo(factor, 15);
    expect(factors('loss', flat, { min: 1 }, 0.1)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('passes over epochs without the metric', () =>
    expect(factors('accuracy', [null, null, null, 0.5, null, 0.5, 0.5])).toEqual([1, 1, 1, 1, 1, 1, 1, 0.5]));

  it('leaves other schedules alone', () => {
    const cosine = schemaOf('cosine', schedules['cosine']!.config).parse({ kind: 'cosine' });
    expect(factorAfter([{ loss: 1, accuracy: 1 }], 0.1, cosine)).toBe(1);
  });
});
