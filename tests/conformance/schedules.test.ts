/** Every schedule of the table, also one added tomorrow: its bounds. */
import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../src-worker/contract/fields.ts';
import { learningRateAt } from '../../src-worker/schedules/learning-rate.ts';
import { schedules } from '../../src-worker/schedules/table.ts';

const length = { stepsPerEpoch: 7, epochs: 9 };
const total = length.stepsPerEpoch * length.epochs;

describe.each(Object.keys(schedules))('%s', (kind) => {
  const config = schedules[kind]!.config;
  const rates = (more: Record<string, unknown>, base = 0.1) => {
    const schedule = schemaOf(kind, config).parse({ kind, ...more });
    return Array.from({ length: total + 10 }, (_, done) => learningRateAt(done, base, schedule, length));
  };

  it.each(['step', 'epoch'])('stays between 0 and the base rate, counted by %s, also past the end', (per) => {
    for (const rate of rates({ per })) {
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(0.1 + 1e-15);
    }
  });

  it('starts with the base rate', () => expect(rates({})[0]).toBeCloseTo(0.1, 12));

  it('warms up in a straight line, from one part of it', () => {
    expect(rates({ warmUp: 4 }).slice(0, 4)).toEqual(
      [0.1 / 4, 0.2 / 4, (0.1 * 3) / 4, 0.1].map((rate) => expect.closeTo(rate, 12) as number)
    );
  });

  it('scales with the base rate where it has no end of its own', () => {
    const [small, large] = [rates({}, 0.1), rates({}, 0.2)];
    for (const [t, rate] of large.entries()) expect(rate).toBeCloseTo(2 * small[t]!, 12);
  });
});
