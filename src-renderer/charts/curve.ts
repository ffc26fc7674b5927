/** A line on a chart and how it is read. */
import type { IconName } from '../controls/icons.ts';
import { lowerBound, type Series } from './decimate.ts';

export interface Curve {
  key: string;
  label: string;
  colour: string;
  /**
   * `raw`: every value. `smooth`: a mean already, for which the mean of a pixel stands. `left`: what was measured and is no longer part of
   * it. `raw` and `left` are faint and stand in no legend.
   */
  role: 'line' | 'raw' | 'smooth' | 'left';
  /** SVG stroke-dasharray. */
  dash: string;
  width: number;
  /** Index into markers.ts, drawn where there is room; null for a line without. */
  marker: number | null;
  series: Series;
  /** The value that stands for i. */
  value(i: number): number;
}

/** A single point worth a word. */
export interface Note {
  x: number;
  y: number;
  label: string;
  colour: string;
  sign: 'ring' | 'diamond';
}

/** Something that happened at x. */
export interface Flag {
  x: number;
  /** In few words, for beside the line. */
  label: string;
  /** All of it. */
  text: string;
  icon: IconName;
  /** On a branch that was left. */
  isLeft: boolean;
}

export interface Reading {
  x: number;
  y: number;
}

/** What is read off and named. */
export const isNamed = ({ role }: Curve): boolean => role !== 'raw' && role !== 'left';

/** The measured point nearest to x; null where the series is empty or has no number there. */
export function readAt({ series, value }: Curve, x: number): Reading | null {
  if (series.length === 0) return null;
  const after = Math.min(lowerBound(series, x), series.length - 1);
  const before = Math.max(0, after - 1);
  const nearest = Math.abs(series.x(before) - x) <= Math.abs(series.x(after) - x) ? before : after;
  const y = value(nearest);
  return Number.isNaN(y) ? null : { x: series.x(nearest), y };
}

export function lastReading(curve: Curve): Reading | null {
  return curve.series.length === 0 ? null : readAt(curve, curve.series.x(curve.series.length - 1));
}

/** Values at given places as a curve's series; `null` breaks the line. */
export function seriesOf(xs: ArrayLike<number>, ys: readonly (number | null)[]): Series & { value(i: number): number } {
  const value = (i: number) => ys[i] ?? NaN;
  return { length: ys.length, x: (i) => xs[i]!, low: value, high: value, value };
}
