import type { Seen } from './seen.ts';

/** The loss has fallen by so much of what it was at first: something is being learned. */
const LEARNED = 0.1;

/** Strips that are taken together, so that mini-batches differ by less. */
const STRIPS = 8;

/** Whether the latest mini-batches had a loss so much below the first. */
export function hasLearned({ firstLoss, strips }: Seen): boolean {
  const latest = strips.slice(-STRIPS);
  const mean = latest.reduce((sum, strip) => sum + strip.mean, 0) / latest.length; // NaN of none
  return firstLoss !== null && mean < firstLoss - LEARNED * Math.abs(firstLoss);
}
