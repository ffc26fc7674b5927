import type { Evidence } from '../evidence.ts';

export interface Finding {
  readonly held: boolean;
  /** The figures that decide. */
  readonly figures: string;
}

export interface Claim {
  readonly claim: string;
  check(evidence: Evidence): Finding;
}

/** A loss or a ratio with four digits, an accuracy in percent. */
export const number = (value: number | null): string =>
  value === null
    ? '–'
    : String(Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential(2) : Number(value.toPrecision(4)));
export const percent = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(2)} %`);

/** Figures by name: `he 0.36, xavier 0.44`. */
export const list = (names: readonly string[], of: (name: string) => string): string =>
  names.map((name) => `${name} ${of(name)}`).join(', ');

/** True where each number is less than the one behind it. */
export const rises = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value > values[i - 1]!);
