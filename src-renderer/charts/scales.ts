/** Scales and ticks of a chart. */
import { precisionFixed, scaleLinear, scaleLog } from 'd3';

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
  /** `decimals`: as many as tell neighbouring ticks apart. */
  format: (value: number, decimals: number) => string;
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
    return few.map((value) => ({ at: scale(value), label: format(value, decimalsOf(value, few, log)) }));
  };
  return Object.assign(axis, { invert: (pixel: number) => scale.invert(pixel), ticks });
}

function decimalsOf(value: number, ticks: readonly number[], log: boolean): number {
  const step = log ? value : Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  return Math.max(0, precisionFixed(Number(step.toPrecision(6)) || 1));
}
