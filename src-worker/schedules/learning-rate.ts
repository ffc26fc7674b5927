/** The learning rate of every step of a run, from its schedule and its warm-up. */
import type { ConfigOf, Fields, Kinded } from '../contract/fields.ts';
import type { Metrics } from '../contract/run.ts';
import { schedules } from './table.ts';

export interface RunLength {
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/**
 * `done` counts the updates already made, so the first update of a run has 0. Warm-up rises over W units: the first has α/W, so that
 * no step is lost, or 0 where that is asked for; after it the schedule goes on at time t, not from its beginning.
 */
export function learningRateAt(
  done: number,
  base: number,
  schedule: Kinded,
  { stepsPerEpoch, epochs }: RunLength
): number {
  const { rate } = schedules[schedule.kind]!;
  const { per, warmUp, warmUpFromZero } = schedule as unknown as {
    per: 'step' | 'epoch';
    warmUp: number;
    warmUpFromZero: boolean;
  };
  const t = per === 'step' ? done : Math.floor(done / stepsPerEpoch);
  const total = per === 'step' ? epochs * stepsPerEpoch : epochs;
  if (t < warmUp) return (base * (t + (warmUpFromZero ? 0 : 1))) / warmUp;
  return rate(t, base, schedule as unknown as ConfigOf<Fields>, total);
}

/** What the rates of an epoch are multiplied with, given the metrics of the epochs before; 1 for schedules that do not listen. */
export const factorAfter = (history: readonly Metrics[], base: number, schedule: Kinded): number =>
  schedules[schedule.kind]!.factor?.(history, base, schedule as unknown as ConfigOf<Fields>) ?? 1;
