/** Every schedule against its closed form. */
import { describe, expect, it } from 'vitest';
import { schemaOf, type Kinded } from '../../src-worker/contract/fields.ts';
import { learningRateAt } from '../../src-worker/schedules/learning-rate.ts';
import { schedules } from '../../src-worker/schedules/table.ts';
import { compare, readGolden, type GoldenCase } from './read.ts';

/** The golden set's settings under our names; null for warm-up that starts from 0, which we do not offer (it wastes a step). */
function scheduleOf({ kind, params: p }: GoldenCase): Kinded | null {
  if (kind === 'warmup_cosine') return null;
  const settings: Record<string, Record<string, unknown>> = {
    step: { every: p['step_size'], factor: p['gamma'] },
    exponential: { factor: p['gamma'] },
    inverse_time: { k: p['k'] },
    polynomial: { end: p['end_lr'], power: p['power'], over: p['T'] },
    cosine: { end: p['min_lr'], over: p['T'] },
    warmup_cosine_from_one: { kind: 'cosine', end: p['min_lr'], over: p['T'], warmUp: p['W'] }
  };
  const given = { kind: kind.replace('_', '-'), ...settings[kind] };
  return schemaOf(given.kind, schedules[given.kind]!.config).parse(given);
}

const cases = readGolden('schedules')
  .cases.filter(scheduleOf)
  .map((one) => ({ name: one.name, one }));

describe('learning rates', () => {
  it('are checked for every schedule that follows time', () => {
    expect(cases).toHaveLength(12);
    const timed = Object.values(schedules).filter(({ kind, factor }) => kind !== 'constant' && !factor);
    expect(new Set(cases.map(({ one }) => scheduleOf(one)!.kind)).size).toBe(timed.length);
  });

  it.each(cases)('$name', ({ one }) => {
    const base = one.params['base_lr'] as number;
    const length = { stepsPerEpoch: 1000, epochs: 1 };
    const rates = (one.params['t'] as number[]).map((t) => learningRateAt(t, base, scheduleOf(one)!, length));
    expect(compare(rates, one.expected['lr']!).worst).toBeLessThanOrEqual(1);
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
