/** What a schedule is: the learning rate as a function of time. */
import { choice, flag, integer, type ConfigOf, type Fields } from '../contract/fields.ts';
import type { Metrics } from '../contract/run.ts';

export interface ScheduleDefinition<F extends Fields = Fields> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  /**
   * The learning rate at time t.
   *
   * Units: `t` counts completed steps or epochs (`per`), from 0; `total` is the length of the run in the same unit; `base` is the
   * optimizer's learning rate.
   */
  rate(t: number, base: number, config: ConfigOf<F>, total: number): number;
  /**
   * Of a schedule that listens: what all rates of an epoch are multiplied with. `history` holds the metrics of the epochs before, of
   * the dev set, or of the training set where there is none. Pure, so that a run can go on from its history alone.
   */
  factor?(history: readonly Metrics[], base: number, config: ConfigOf<F>): number;
  /** The metric that it listens to. */
  monitor?(config: ConfigOf<F>): string;
}

export const defineSchedule = <const F extends Fields>(definition: ScheduleDefinition<F>): ScheduleDefinition =>
  definition as unknown as ScheduleDefinition;

/** Settings that every schedule has. */
export const timing = {
  per: choice('step', ['step', 'epoch'], 'What time is counted in'),
  warmUp: integer(0, 'Rise in a straight line over so many of these first', { min: 0, max: 1_000_000_000 }),
  warmUpFromZero: flag(false, 'Begin the rise at 0, instead of one part above it')
} as const;

/** Where a schedule that ends has its end: 0 stands for the end of the run. */
export const over = integer(0, 'Reach the end after so many of these; 0: at the end of the run', {
  min: 0,
  max: 1_000_000_000
});

/** How much of the way from warm-up to the end is behind us, 0 … 1. */
export function progress(t: number, { warmUp, over }: { warmUp: number; over: number }, total: number): number {
  const end = over || total;
  return Math.min(Math.max((t - warmUp) / Math.max(end - warmUp, 1), 0), 1);
}
