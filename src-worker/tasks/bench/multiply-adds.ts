/** How much a training step computes. */
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, type Op, type Shape, type Tensor } from '../../plan/program.ts';

/**
 * Multiply-adds of one step: forward, and backward to every gradient that the plan asks for (the first layer's input has none). Only
 * products of matrices and convolutions count, by their textbook formulas: a kernel that finds a cheaper way (Winograd) is credited with
 * the whole. Activations, pooling, the loss and the update are left out.
 */
export const multiplyAddsOf = ({ gradients, batchSize }: Plan): number =>
  gradients.reduce((sum, op) => sum + multiplyAddsOfOp(op, batchSize), 0);

function multiplyAddsOfOp(op: Op, batchSize: number): number {
  switch (op.op) {
    case 'matmul': {
      const [rows, columns] = matrixOf(op.y, batchSize);
      const [high, wide] = matrixOf(op.a, batchSize);
      return rows * columns * (op.form === 'TN' ? high : wide);
    }
    case 'conv2d':
      return convolution(op.y.shape, op.w.shape, batchSize);
    case 'conv2dBackInput':
      return convolution(op.dy.shape, op.w.shape, batchSize);
    case 'conv2dBackWeights':
      return convolution(op.dy.shape, op.dw.shape, batchSize);
    default:
      return 0;
  }
}

/** A per-example tensor is a matrix with B rows. */
function matrixOf({ shape, perExample }: Tensor, batchSize: number): [rows: number, columns: number] {
  return perExample ? [batchSize, sizeOf(shape)] : [shape[0]!, sizeOf(shape.slice(1))];
}

/** y (B, H′, W′, O), w (height, width, C, O): every value of y sums a window of C channels. */
const convolution = (y: Shape, w: Shape, batchSize: number) => batchSize * sizeOf(y) * sizeOf(w.slice(0, 3));
