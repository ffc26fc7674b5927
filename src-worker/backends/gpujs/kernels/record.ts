import { COLUMN, defineKernel, PLANE, ROW, type KernelRule, type Reader } from '../kernel-text.ts';
import type { Value } from '../value.ts';

/** Measures that one record takes, so that its kernel reads no more arrays than a GPU allows. */
export const MOST_MEASURES = 6;

/**
 * Writes the measures of one step into the record of all steps of a call, so that there is one thing to read back.
 *
 * Shapes: every measure (B, 1); the record: a plane a step, in it a row a measure with B columns.
 */
export function record(
  steps: number,
  { measures, before }: { measures: readonly Value[]; before: Value | null }
): KernelRule {
  const named = Object.fromEntries(measures.map((value, row): [string, Value] => [`measure${row}`, value]));
  return defineKernel({
    reads: { ...named, before } as Record<string, Value | null>,
    output: { rows: measures.length, columns: measures[0]!.rows, planes: steps },
    usesStep: true,
    body: (read: Readonly<Record<string, Reader>>) => `
  if (${PLANE} == step) {
    ${measures.map((_, row) => `if (${ROW} == ${row}) {\nreturn ${read[`measure${row}`]!(COLUMN, '0')};\n}`).join('\n')}
  }
  return ${before ? read['before']!(ROW, COLUMN) : '0.0'};`
  });
}
