/** Parts the training set into train and dev, class by class where there are classes. The test set is never looked at here. */
import { randomStream } from './random.ts';

export interface SplitOptions {
  /** Class numbers of the training set, test set left out. */
  readonly labels: Uint8Array;
  /** 0: there are none; all examples are drawn alike. */
  readonly classes: number;
  /** Use only this many examples; null: all. */
  readonly limit: number | null;
  /** Shares of the examples used; what train and dev leave over stays unused. */
  readonly split: { readonly train: number; readonly dev: number };
  readonly seed: number;
}

/** Rows of the training set, ascending; no row is in both. */
export interface Split {
  readonly train: Int32Array;
  readonly dev: Int32Array;
}

/**
 * Draws a stratified sample, then cuts it in two: totals are exact, and in each of the two steps every class has its proportional
 * share to within one example. Train always keeps at least one; dev is empty where its share rounds to nothing.
 */
export function splitExamples({ labels, classes, limit, split, seed }: SplitOptions): Split {
  const rows = shuffledByClass(labels, Math.max(1, classes), seed);
  const counts = splitCounts(Math.min(limit ?? labels.length, labels.length), split);
  const usedCounts = apportion(
    counts.train + counts.dev,
    rows.map((all) => all.length)
  );
  const devCounts = apportion(counts.dev, usedCounts);
  return {
    dev: concatenate(rows.map((all, label) => all.subarray(0, devCounts[label]))),
    train: concatenate(rows.map((all, label) => all.subarray(devCounts[label], usedCounts[label])))
  };
}

/** How many of `available` examples each part gets. */
export function splitCounts(available: number, split: SplitOptions['split']): { train: number; dev: number } {
  const used = Math.max(1, Math.round(available * Math.min(1, split.train + split.dev)));
  const dev = Math.min(used - 1, Math.round(available * split.dev));
  return { train: used - dev, dev };
}

/** Each class is shuffled by a stream of its own, so that what one class holds does not move the draw of another. */
function shuffledByClass(labels: Uint8Array, classes: number, seed: number): Int32Array[] {
  const rows = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, row) => rows[label]!.push(row));
  return rows.map((all, label) => {
    const shuffled = Int32Array.from(all);
    randomStream(seed, 'split', label).shuffle(shuffled);
    return shuffled;
  });
}

/**
 * Whole numbers proportional to `counts` that add up to `total`: shares are rounded down and the largest remainders get one more
 * (the first of equals). `total` is at most the sum of the counts, so no share exceeds its count. Integer arithmetic throughout.
 */
export function apportion(total: number, counts: readonly number[]): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  const shares = counts.map((count) => Math.floor((total * count) / sum));
  const remainders = counts.map((count, at) => total * count - shares[at]! * sum);
  const missing = total - shares.reduce((a, b) => a + b, 0);
  const order = counts.map((_, at) => at).sort((a, b) => remainders[b]! - remainders[a]! || a - b);
  for (const at of order.slice(0, missing)) shares[at]!++;
  return shares;
}

function concatenate(parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [...part])).sort();
}
