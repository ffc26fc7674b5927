export interface Series {
  length: number;
  /** Rises with i. */
  x(i: number): number;
  /** The least and the greatest value at i; the same where there is one value. NaN breaks the line. */
  low(i: number): number;
  high(i: number): number;
}

export type Point = [x: number, y: number];

interface Window {
  from: number;
  to: number;
  /** Pixels. */
  columns: number;
  /** What stands for a column: its smallest and largest value, so that no peak is lost, or the middle of the two. */
  keep?: 'extremes' | 'middle';
}

/**
 * Reduces the part of a series between `from` and `to` to what a screen of `columns` pixels can show. One point on either side is kept,
 * so that the line runs on to the edge.
 */
export function decimate(series: Series, { from, to, columns, keep = 'extremes' }: Window): Point[] {
  const first = Math.max(0, lowerBound(series, from) - 1);
  const last = Math.min(series.length - 1, lowerBound(series, to) + 1);
  if (last - first < columns * 2) return everyPoint(series, first, last);
  const points: Point[] = [];
  const width = (to - from) / columns;
  for (let i = first; i <= last;) {
    const column = Math.floor((series.x(i) - from) / width);
    let [low, high, next] = [Infinity, -Infinity, i];
    for (; next <= last && Math.floor((series.x(next) - from) / width) === column; next++) {
      if (series.low(next) < low) low = series.low(next);
      if (series.high(next) > high) high = series.high(next);
    }
    const x = series.x(i + ((next - i) >> 1));
    if (low > high) points.push([x, NaN]);
    else if (keep === 'middle') points.push([x, (low + high) / 2]);
    else points.push([x, low], [x, high]);
    i = next;
  }
  return points;
}

function everyPoint(series: Series, first: number, last: number): Point[] {
  const points: Point[] = [];
  for (let i = first; i <= last; i++) {
    const [x, low, high] = [series.x(i), series.low(i), series.high(i)];
    points.push([x, low]);
    if (high !== low && !Number.isNaN(high)) points.push([x, high]);
  }
  return points;
}

/** The first i with x(i) ≥ value. */
export function lowerBound(series: Pick<Series, 'length' | 'x'>, value: number): number {
  let [low, high] = [0, series.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (series.x(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
