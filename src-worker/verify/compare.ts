import type { ExpectedTensor } from './golden.ts';

export interface Comparison {
  /** Largest |got − expected| / (atol + rtol·|expected|); infinite where a value is not a number or an exact one differs. */
  readonly worst: number;
  /** Where the worst is. */
  readonly at: number;
  readonly got: number;
  readonly expected: number;
}

/** `factor` widens the tolerance, for backends that are less exact by nature. Throws when the lengths differ. */
export function compare(got: ArrayLike<number>, expected: ExpectedTensor, factor = 1): Comparison {
  const { data, atol, rtol } = expected;
  if (got.length !== data.length) throw new Error(`${got.length} values instead of ${data.length}`);
  let [worst, at] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const difference = Math.abs(got[i]! - data[i]!);
    const ratio = difference === 0 ? 0 : difference / (factor * (atol + rtol * Math.abs(data[i]!)));
    if (ratio > worst || Number.isNaN(ratio)) [worst, at] = [Number.isNaN(ratio) ? Infinity : ratio, i];
    if (worst === Infinity) break;
  }
  return { worst, at, got: got[at] ?? NaN, expected: data[at] ?? NaN };
}
