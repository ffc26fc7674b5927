import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../../src-worker/contract/fields.ts';
import { learningRateAt } from '../../../src-worker/schedules/learning-rate.ts';
import { schedules } from '../../../src-worker/schedules/table.ts';

describe('learning rates', () => {
  it('rise from one part above 0, or from 0 where that is asked for', () => {
    const length = { stepsPerEpoch: 10, epochs: 1 };
    const rates = (warmUpFromZero: boolean) => {
      const given = { kind: 'constant', warmUp: 4, warmUpFromZero };
      const schedule = schemaOf('constant', schedules['constant']!.config).parse(given);
      return [0, 1, 3, 4, 5].map((done) => learningRateAt(done, 1, schedule, length));
    };
    expect(rates(false)).toEqual([0.25, 0.5, 1, 1, 1]);
    expect(rates(true)).toEqual([0, 0.25, 0.75, 1, 1]);
  });

  it('follow epochs where they are asked to', () => {
    const schedule = schemaOf('step', schedules['step']!.config).parse({
      kind: 'step',
      every: 1,
      factor: 0.5,
      per: 'epoch'
    });
    const length = { stepsPerEpoch: 10, epochs: 3 };
    expect([0, 9, 10, 19, 20].map((done) => learningRateAt(done, 1, schedule, length))).toEqual([1, 1, 0.5, 0.5, 0.25]);
  });

  it('reach the end of the run where no end is given', () => {
    const schedule = schemaOf('polynomial', schedules['polynomial']!.config).parse({ kind: 'polynomial', end: 0.1 });
    const length = { stepsPerEpoch: 10, epochs: 3 };
    expect([0, 15, 30].map((done) => learningRateAt(done, 1, schedule, length))).toEqual([1, 0.55, 0.1]);
  });
});
