/** From curves to the extent of their y axis. */
import { quantileSorted } from 'd3';
import type { Point } from './decimate.ts';

export interface Drawn {
  role: 'line' | 'raw';
  points: readonly Point[];
}

/** Share of the raw points that may stick out at either end: the noise of single batches must not flatten what matters. */
const TRIM = 0.02;

/**
 * All of the lines, and the raw points but for their extremes. On a log axis only values above zero count.
 * Empty curves give [0, 1]; a flat one gets room on both sides.
 */
export function yDomain(drawn: readonly Drawn[], log: boolean): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  const cover = (value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value) || (log && value <= 0)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const { role, points } of drawn) {
    if (role === 'line') for (const [, y] of points) cover(y);
    else trimmed(points, log).forEach(cover);
  }
  if (low > high) return log ? [0.1, 1] : [0, 1];
  if (low < high) return [low, high];
  return log ? [low / 2, low * 2] : [low - (Math.abs(low) || 1) * 0.1, high + (Math.abs(high) || 1) * 0.1];
}

function trimmed(points: readonly Point[], log: boolean): (number | undefined)[] {
  const values = points.map(([, y]) => y).filter((y) => Number.isFinite(y) && (!log || y > 0));
  const sorted = values.sort((a, b) => a - b);
  return [quantileSorted(sorted, TRIM), quantileSorted(sorted, 1 - TRIM)];
}
