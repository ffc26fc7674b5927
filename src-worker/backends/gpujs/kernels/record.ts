import { COLUMN, defineKernel, PLANE, ROW, type KernelRule } from '../kernel-text.ts';
import type { Value } from '../value.ts';

/**
 * Writes loss and right answers of one step into the record of all steps of a call, so that there is one thing to read back.
 *
 * Shapes: loss, correct (B, 1); the record: a plane a step, in it the rows loss and correct with B columns.
 */
export const record = (steps: number, reads: { loss: Value; correct: Value; before: Value | null }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: 2, columns: reads.loss.rows, planes: steps },
    usesStep: true,
    body: ({ loss, correct, before }) => `
  if (${PLANE} == step) {
    if (${ROW} == 0) {
      return ${loss(COLUMN, '0')};
    }
    return ${correct(COLUMN, '0')};
  }
  return ${reads.before ? before(ROW, COLUMN) : '0.0'};`
  });
