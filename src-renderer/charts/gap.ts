/** The area between two curves, where both are known: [x, y of the first, y of the second]. */
import { lowerBound, type Series } from './decimate.ts';

type BandPoint = [x: number, y0: number, y1: number];

/** `dense` gives the places, `sparse` is read between its points along straight lines. */
export function gapBetween(dense: readonly (readonly [number, number])[], sparse: Series): BandPoint[] {
  if (sparse.length < 2) return [];
  const [from, to] = [sparse.x(0), sparse.x(sparse.length - 1)];
  return dense
    .filter(([x, y]) => x >= from && x <= to && !Number.isNaN(y))
    .map(([x, y]): BandPoint => [x, y, between(sparse, x)])
    .filter(([, , y]) => !Number.isNaN(y));
}

function between(series: Series, x: number): number {
  const after = Math.max(1, lowerBound(series, x));
  const [x0, x1] = [series.x(after - 1), series.x(after)];
  const share = x1 === x0 ? 0 : (x - x0) / (x1 - x0);
  return series.low(after - 1) + share * (series.low(after) - series.low(after - 1));
}
