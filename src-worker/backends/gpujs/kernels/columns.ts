/** Columns of matrices whose rows are all axes but the last: concatenation and its gradient. */
import { COLUMN, defineKernel, ROW, type KernelRule } from '../kernel-text.ts';
import type { Extent, Value } from '../value.ts';
import { checkDivided, quotient } from './windows.ts';

/** Widths of the last axis: of the matrix that is wide, and of the one whose columns lie in it from `at` on. */
export interface Columns {
  readonly wide: number;
  readonly narrow: number;
  readonly at: number;
}

/** Columns `at` … of y = x; the others are what was there before, or 0. Shapes: x (B, …, N), y (B, …, M). */
export const place = (
  { wide, narrow, at }: Columns,
  output: Extent,
  reads: { x: Value; y: Value | null }
): KernelRule =>
  defineKernel({
    reads,
    output,
    body: ({ x, y }) => `
  ${takeApart(output, wide)}
  if (column >= ${at} && column < ${at + narrow}) {
    return ${x(ROW, `row * ${narrow} + column - ${at}`)};
  }
  return ${reads.y ? y(ROW, COLUMN) : '0.0'};`
  });

/** y = columns `at` … of x [+ y]. Shapes: x (B, …, M), y (B, …, N). */
export const slice = (
  { wide, narrow, at }: Columns,
  output: Extent,
  reads: { x: Value; y: Value | null }
): KernelRule =>
  defineKernel({
    reads,
    output,
    body: ({ x, y }) => `
  ${takeApart(output, narrow)}
  return ${x(ROW, `row * ${wide} + column + ${at}`)}${reads.y ? ` + ${y(ROW, COLUMN)}` : ''};`
  });

function takeApart({ columns }: Extent, width: number): string {
  if (columns === width) return `const row = 0;\n  const column = ${COLUMN};`;
  checkDivided('what is cut into columns', columns);
  return `const row = ${quotient(COLUMN, width)};\n  const column = ${COLUMN} - row * ${width};`;
}
