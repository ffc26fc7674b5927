/**
 * Convolution and its gradients, one thread an output, each gathering what reaches it.
 *
 * Shapes: x, dx (B, H·W·C); y, dy (B, H′·W′·O); w, dw (kh·kw·C, O); bias (1, O).
 */
import { COLUMN, defineKernel, ROW, type KernelRule } from '../kernel-text.ts';
import type { Value } from '../value.ts';
import {
  checkDivided,
  declarePlace,
  eachCell,
  eachWindow,
  MAX_DIVIDED,
  placeInX,
  placeInY,
  quotient,
  type Geometry
} from './windows.ts';

/** Row of w that holds cell (u, v) of channel c. */
const weightRow = ({ window, x }: Geometry): string => `(u * ${window.kernel[1]} + v) * ${x[2]} + c`;

export const conv2d = (at: Geometry, reads: { x: Value; w: Value; bias: Value | null }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.x.rows, columns: at.y[0]! * at.y[1]! * at.y[2]! },
    body: ({ x, w, bias }) => `
  ${declarePlace(at.y, ['r', 's', 'o'])}
  let sum = 0.0;
  ${eachCell(
    at,
    `for (let c = 0; c < ${at.x[2]}; c++) {
            sum += ${x(ROW, placeInX(at.x, 'c'))} * ${w(weightRow(at), 'o')};
          }`
  )}
  return sum${reads.bias ? ` + ${bias('0', 'o')}` : ''};`
  });

export const conv2dBackInput = (at: Geometry, reads: { dy: Value; w: Value; dx: Value | null }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.dy.rows, columns: at.x[0]! * at.x[1]! * at.x[2]! },
    body: ({ dy, w, dx }) => `
  ${declarePlace(at.x, ['i', 'j', 'c'])}
  let sum = 0.0;
  ${eachWindow(
    at,
    `for (let o = 0; o < ${at.y[2]}; o++) {
            sum += ${dy(ROW, placeInY(at.y, 'o'))} * ${w(weightRow(at), 'o')};
          }`
  )}
  return sum${reads.dx ? ` + ${dx(ROW, COLUMN)}` : ''};`
  });

/** The batch is cut into parts that are summed side by side: there are few weights, and each is a sum over all windows. */
export interface BatchParts {
  readonly parts: number;
  readonly examples: number;
}

/** As many parts as keep the partial sums within a buffer of 2²⁰ values. */
export function batchParts({ window: { kernel }, x, y }: Geometry, batchSize: number): BatchParts {
  const weights = kernel[0] * kernel[1] * x[2]! * y[2]!;
  const most = Math.min(batchSize, Math.max(1, Math.floor((MAX_DIVIDED - 1) / weights)));
  const examples = Math.ceil(batchSize / most);
  return { parts: Math.ceil(batchSize / examples), examples };
}

/**
 * dw of each part of the batch, one below the other: (parts·kh·kw·C, O). Rows and images are added up on their own before they are
 * added to the rest, which keeps a sum of many thousand float32 terms exact to some digits more.
 */
export function conv2dBackWeights(
  at: Geometry,
  { parts, examples }: BatchParts,
  reads: { x: Value; dy: Value }
): KernelRule {
  const { window, x: image, y: windows } = at;
  const { kernel, stride, pad } = window;
  const weightRows = kernel[0] * kernel[1] * image[2]!;
  checkDivided('the window of a filter', parts * weightRows);
  return defineKernel({
    reads,
    output: { rows: parts * weightRows, columns: windows[2]! },
    body: ({ x, dy }) => `
  const part = ${quotient(ROW, weightRows)};
  const weight = ${ROW} - part * ${weightRows};
  const uv = ${quotient('weight', image[2]!)};
  const c = weight - uv * ${image[2]};
  const u = ${quotient('uv', kernel[1])};
  const v = uv - u * ${kernel[1]};
  let sum = 0.0;
  for (let n = 0; n < ${examples}; n++) {
    const b = part * ${examples} + n;
    if (b < ${reads.x.rows}) {
      let imageSum = 0.0;
      for (let r = 0; r < ${windows[0]}; r++) {
        const i = r * ${stride[0]} + u - ${pad[0]};
        if (i >= 0 && i < ${image[0]}) {
          let rowSum = 0.0;
          for (let s = 0; s < ${windows[1]}; s++) {
            const j = s * ${stride[1]} + v - ${pad[2]};
            if (j >= 0 && j < ${image[1]}) {
              rowSum += ${x('b', placeInX(image, 'c'))} * ${dy('b', placeInY(windows, COLUMN))};
            }
          }
          imageSum += rowSum;
        }
      }
      sum += imageSum;
    }
  }
  return sum;`
  });
}

/** dw = Σ of the parts [+ dw]. */
export const sumParts = (parts: number, reads: { partial: Value; dw: Value | null }): KernelRule => {
  const rows = reads.partial.rows / parts;
  return defineKernel({
    reads,
    output: { rows, columns: reads.partial.columns },
    body: ({ partial, dw }) => `
  let sum = 0.0;
  for (let part = 0; part < ${parts}; part++) {
    sum += ${partial(`part * ${rows} + ${ROW}`, COLUMN)};
  }
  return sum${reads.dw ? ` + ${dw(ROW, COLUMN)}` : ''};`
  });
};
