/** From curves to the extent of their y axis. */
import { quantileSorted } from 'd3';
import type { Point } from './decimate.ts';

export interface Drawn {
  role: 'line' | 'raw' | 'smooth' | 'left';
  points: readonly Point[];
}

/** Share of the points of a dense curve that may stick out at either end: the first steps must not flatten all that follows. */
const TRIM = 0.03;
/** A curve with fewer points than this is shown whole. */
const DENSE = 120;

/**
 * All of a line with few points, as one per epoch; of dense and raw ones all but the extremes. On a log axis only values above zero count.
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
    if (role !== 'raw' && points.length < DENSE) for (const [, y] of points) cover(y);
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
