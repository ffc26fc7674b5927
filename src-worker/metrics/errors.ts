import type { Target } from '../plan/plan.ts';
import type { JudgedBatch, Subject, Tally } from './metric.ts';

/** Sums over the known values of one column: e = output − target, t = target. */
export interface ColumnErrors {
  count: number;
  /** Σ |e| */
  absolute: number;
  /** Σ e² */
  squared: number;
  /** Mean of t so far, and Σ (t − mean)². */
  mean: number;
  spread: number;
}

/**
 * How far quantities are off, by column.
 *
 * Source: Welford 1962, Note on a method for calculating corrected sums of squares and products, Technometrics 4(3), for `spread`.
 */
export class Errors implements Tally {
  static readonly judges = 'quantities';
  static readonly fits = (target: Target): boolean => target.kind === 'values' && !target.isYesOrNo;

  readonly columns: readonly ColumnErrors[];

  constructor({ width }: Subject) {
    this.columns = Array.from({ length: width }, () => ({ count: 0, absolute: 0, squared: 0, mean: 0, spread: 0 }));
  }

  add({ count, outputs, values }: JudgedBatch): void {
    const width = this.columns.length;
    for (let i = 0; i < count * width; i++) {
      const target = values[i]!;
      if (Number.isNaN(target)) continue;
      const column = this.columns[i % width]!;
      const error = outputs[i]! - target;
      column.count += 1;
      column.absolute += Math.abs(error);
      column.squared += error * error;
      const before = target - column.mean;
      column.mean += before / column.count;
      column.spread += before * (target - column.mean);
    }
  }

  /** Mean of a sum over all known values; null where there are none. */
  mean(of: 'absolute' | 'squared'): number | null {
    const count = this.columns.reduce((sum, column) => sum + column.count, 0);
    return count > 0 ? this.columns.reduce((sum, column) => sum + column[of], 0) / count : null;
  }
}
