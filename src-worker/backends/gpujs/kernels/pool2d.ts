/**
 * Pooling and its gradients, one thread an output.
 *
 * Shapes: x, dx (B, H·W·C); y, dy and the winners (B, H′·W′·C).
 */
import type { Pool2dOp } from '../../../plan/program.ts';
import { COLUMN, defineKernel, ROW, type KernelRule } from '../kernel-text.ts';
import type { Value } from '../value.ts';
import { declarePlace, eachCell, eachWindow, placeInX, placeInY, type Geometry } from './windows.ts';

type Average = Pick<Pool2dOp, 'countBorder'>;

const sizeOfY = ({ y }: Geometry): number => y[0]! * y[1]! * y[2]!;
const sizeOfX = ({ x }: Geometry): number => x[0]! * x[1]! * x[2]!;

/** How many cells of window (r, s) count in its mean; at least 1, for a window that lies on the border alone has none. */
function cells({ window: { kernel, stride, pad }, x }: Geometry, { countBorder }: Average): string {
  if (countBorder || pad.every((border) => border === 0)) return `${kernel[0] * kernel[1]}.0`;
  const inside = (window: string, axis: 0 | 1) => {
    const [first, before] = [`${window} * ${stride[axis]}`, pad[2 * axis]!];
    return `(Math.min(${first} + ${kernel[axis] - before}, ${x[axis]}) - Math.max(${first} - ${before}, 0))`;
  };
  const [rows, columns] = [inside('r', 0), inside('s', 1)];
  return `Math.max(${rows} * ${columns}, 1.0)`;
}

/** A NaN in the window stays: nothing is larger. It is found by `==`, for in WGSL `!=` of a NaN and itself may be false. */
export const maxPool = (at: Geometry, reads: { x: Value }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.x.rows, columns: sizeOfY(at) },
    body: ({ x }) => `
  ${declarePlace(at.y, ['r', 's', 'o'])}
  let largest = -3.4e38;
  ${eachCell(
    at,
    `const value = ${x(ROW, placeInX(at.x, 'o'))};
          if (value > largest || !(value == value)) {
            largest = value;
          }`
  )}
  return largest;`
  });

export const averagePool = (at: Geometry, average: Average, reads: { x: Value }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.x.rows, columns: sizeOfY(at) },
    body: ({ x }) => `
  ${declarePlace(at.y, ['r', 's', 'o'])}
  let sum = 0.0;
  ${eachCell(at, `sum += ${x(ROW, placeInX(at.x, 'o'))};`)}
  return sum / ${cells(at, average)};`
  });

/** Which cell u·kw + v of each window gets the gradient: the first that holds the largest value; −1 where none does (NaN). */
export const winners = (at: Geometry, reads: { x: Value; y: Value }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.y.rows, columns: sizeOfY(at) },
    body: ({ x, y }) => `
  ${declarePlace(at.y, ['r', 's', 'o'])}
  const largest = ${y(ROW, COLUMN)};
  let winner = -1.0;
  ${eachCell(
    at,
    `if (winner < 0.0 && ${x(ROW, placeInX(at.x, 'o'))} == largest) {
            winner = u * ${at.window.kernel[1]} + v;
          }`
  )}
  return winner;`
  });

/** dx = Σ dy of the windows that this pixel has won [+ dx]. */
export const maxPoolBack = (at: Geometry, reads: { winner: Value; dy: Value; dx: Value | null }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.dy.rows, columns: sizeOfX(at) },
    body: ({ winner, dy, dx }) => `
  ${declarePlace(at.x, ['i', 'j', 'c'])}
  let sum = 0.0;
  ${eachWindow(
    at,
    `if (${winner(ROW, placeInY(at.y, 'c'))} == u * ${at.window.kernel[1]} + v) {
            sum += ${dy(ROW, placeInY(at.y, 'c'))};
          }`
  )}
  return sum${reads.dx ? ` + ${dx(ROW, COLUMN)}` : ''};`
  });

/** dx = Σ over the windows that reach this pixel of dy / cells [+ dx]. */
export const averagePoolBack = (at: Geometry, average: Average, reads: { dy: Value; dx: Value | null }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.dy.rows, columns: sizeOfX(at) },
    body: ({ dy, dx }) => `
  ${declarePlace(at.x, ['i', 'j', 'c'])}
  let sum = 0.0;
  ${eachWindow(at, `sum += ${dy(ROW, placeInY(at.y, 'c'))} / ${cells(at, average)};`)}
  return sum${reads.dx ? ` + ${dx(ROW, COLUMN)}` : ''};`
  });
