import type { Metrics } from './run.ts';

/** Dev metrics where there is a dev set, else the training ones. */
export const judged = (epoch: { train: Metrics; dev: Metrics | null }): Metrics => epoch.dev ?? epoch.train;

/** The highest accuracy is the best, or the lowest loss where nothing is right or wrong. As the store decides it: see store/runs.ts. */
export function isBetter(one: Metrics, than: Metrics | null): boolean {
  if (one.accuracy !== null) return one.accuracy > (than?.accuracy ?? -1);
  return (than?.accuracy ?? null) === null && one.loss !== null && one.loss < (than?.loss ?? Infinity);
}
