/** Which metrics a run has, and which one stands for it. */
import type { Metrics } from '../../src-worker/contract/run.ts';
import { readMetricName } from '../../src-worker/graph/choices.ts';
import type { RunPicture } from './run-picture.ts';

/** Names with a value somewhere, the loss first; an accuracy only where something is right or wrong. */
export function namesIn(list: readonly (Metrics | null | undefined)[]): string[] {
  const names = [...new Set(list.flatMap((metrics) => Object.keys(metrics ?? {})))];
  return names.filter((name) => name !== 'accuracy' || list.some((metrics) => typeof metrics?.accuracy === 'number'));
}

/** What a run says it measures, and what its epochs have besides; runs of earlier versions measured loss and accuracy. */
export function namesOf({ start, epochs }: RunPicture): string[] {
  const said = start?.metrics ?? ['loss', 'accuracy'];
  const last = epochs.at(-1);
  return [...new Set([...said, ...namesIn([last?.dev, last?.train])])];
}

/** Accuracy where there is one, else the first metric besides the loss, else the loss. */
export const mainOf = (names: readonly string[]): string =>
  names.includes('accuracy') ? 'accuracy' : (names.find((name) => name !== 'loss') ?? 'loss');

export const isBetter = (name: string, value: number, than: number): boolean =>
  readMetricName(name).better === 'higher' ? value > than : value < than;
