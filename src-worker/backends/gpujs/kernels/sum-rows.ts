import { COLUMN, defineKernel, type KernelRule } from '../kernel-text.ts';
import type { Value } from '../value.ts';

/** y (1, N) = Σ over the rows of x (B, N) [+ y]. */
export const sumRows = (reads: { x: Value; y: Value | null }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: 1, columns: reads.x.columns },
    body: (read) => `
  let sum = 0.0;
  for (let row = 0; row < ${reads.x.rows}; row++) {
    sum += ${read.x('row', COLUMN)};
  }
  return sum${reads.y ? ` + ${read.y('0', COLUMN)}` : ''};`
  });
