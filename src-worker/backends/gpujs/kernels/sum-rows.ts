import { COLUMN, defineKernel, ROW, type KernelRule } from '../kernel-text.ts';
import type { Extent, Value } from '../value.ts';

/** y = Σ over the rows of x [+ y]. Shapes: x (B, N), y of N values. */
export const sumRows = (output: Extent, reads: { x: Value; y: Value | null }): KernelRule =>
  defineKernel({
    reads,
    output,
    body: ({ x, y }) => `
  let sum = 0.0;
  for (let row = 0; row < ${reads.x.rows}; row++) {
    sum += ${x('row', output.rows === 1 ? COLUMN : `${ROW} * ${output.columns} + ${COLUMN}`)};
  }
  return sum${reads.y ? ` + ${y(ROW, COLUMN)}` : ''};`
  });

/** Terms that are added up on their own before they are added to the rest: rounding errors of long sums stay small. */
const BLOCK = 32;

/** The pixels of each image added up: (B, P·N) → (B, N). */
export function sumPixels(columns: number, reads: { x: Value }): KernelRule {
  const pixels = reads.x.columns / columns;
  return defineKernel({
    reads,
    output: { rows: reads.x.rows, columns },
    body: ({ x }) => `
  let sum = 0.0;
  for (let block = 0; block < ${Math.ceil(pixels / BLOCK)}; block++) {
    let blockSum = 0.0;
    for (let n = 0; n < ${BLOCK}; n++) {
      const pixel = block * ${BLOCK} + n;
      if (pixel < ${pixels}) {
        blockSum += ${x(ROW, `pixel * ${columns} + ${COLUMN}`)};
      }
    }
    sum += blockSum;
  }
  return sum;`
  });
}
