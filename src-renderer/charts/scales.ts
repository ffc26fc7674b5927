/** Scales and ticks of a chart. */
import { scaleLinear, scaleLog } from 'd3';

export interface Axis {
  (value: number): number;
  invert(pixel: number): number;
  ticks(): { at: number; label: string }[];
}

interface AxisOptions {
  domain: readonly [number, number];
  range: readonly [number, number];
  log?: boolean;
  /** Ticks wished for. */
  count: number;
  format: (value: number) => string;
  nice?: boolean;
  whole?: boolean;
}

export function makeAxis({
  domain,
  range,
  log = false,
  count,
  format,
  nice = false,
  whole = false
}: AxisOptions): Axis {
  const scale = log ? scaleLog(domain, range) : scaleLinear(domain, range);
  if (nice) scale.nice(count);
  const axis = (value: number) => scale(value);
  const ticks = () => {
    const values = scale.ticks(count).filter((value) => !whole || Number.isInteger(value));
    // A log scale answers with every digit of every decade: where these are too many, the decades and their halves are enough.
    const few =
      log && values.length > count * 2 ? values.filter((value) => /^[1235]/.test(value.toExponential())) : values;
    return few.map((value) => ({ at: scale(value), label: format(value) }));
  };
  return Object.assign(axis, { invert: (pixel: number) => scale.invert(pixel), ticks });
}

/** A tick's number with no more digits than the step between ticks needs. */
export function tickFormat(
  domain: readonly [number, number],
  format: (value: number, decimals: number) => string
): (value: number) => string {
  const span = Math.abs(domain[1] - domain[0]);
  const decimals = span > 0 ? Math.max(0, Math.min(6, Math.ceil(-Math.log10(span / 4)))) : 2;
  return (value) => format(value, decimals);
}
