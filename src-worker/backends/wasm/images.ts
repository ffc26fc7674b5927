/** Convolution and pooling as closures over the kernels, and the scratch that a convolution needs. */
import { ACCUMULATE, type WindowArguments } from '../../kernels/signatures.ts';
import { sizeOf, windowsOver } from '../../plan/program.ts';
import type {
  Conv2dBackInputOp,
  Conv2dBackWeightsOp,
  Conv2dOp,
  Op,
  Pool2dBackOp,
  Pool2dOp,
  Shape,
  Window
} from '../../plan/program.ts';
import type { Call, StepContext } from './steps.ts';

const eights = (length: number) => Math.ceil(length / 8) * 8;

/** Zeros that kernels rely on, and a tile. */
export const SCRATCH_HEAD = 256;

/** So many images at once that the tiles of a group have at least this many windows: small images would leave them half empty. */
const WINDOWS_AT_ONCE = 64;
const groupOf = (rows: number, columns: number) => Math.ceil(WINDOWS_AT_ONCE / (rows * columns));

function windowArguments(window: Window, [height, width, channels]: Shape): WindowArguments {
  const [rows, columns] = windowsOver([height!, width!], window);
  const { kernel, stride, pad } = window;
  return [height!, width!, channels!, ...kernel, stride, pad[0], pad[2], rows, columns];
}

/** Bytes of scratch that an operation needs; kernels/signatures.ts says what for. */
export function scratchOf(op: Op): number {
  switch (op.op) {
    case 'conv2d':
    case 'conv2dBackWeights': {
      const { kernel, stride } = op.window;
      const [rows, columns] = windowsOver(op.x.shape, op.window);
      const [channels, filters] = [op.x.shape[2]!, (op.op === 'conv2d' ? op.y : op.dy).shape[2]!];
      const weights = op.op === 'conv2d' ? kernel[0] * kernel[1] * channels * eights(filters) : 0;
      const pixels = ((rows - 1) * stride + kernel[0]) * ((columns - 1) * stride + kernel[1]);
      return SCRATCH_HEAD + 4 * (weights + groupOf(rows, columns) * pixels * channels);
    }
    case 'conv2dBackInput': {
      const { kernel, stride, pad } = op.window;
      const [rows, columns] = windowsOver(op.dx.shape, op.window);
      const [height, width, channels] = op.dx.shape as [number, number, number];
      const filters = op.dy.shape[2]!;
      const along = (length: number, before: number, size: number) =>
        Math.ceil(size / stride) + Math.floor((length - 1 + before) / stride);
      const windows = along(height, pad[0], kernel[0]) * along(width, pad[2], kernel[1]);
      const weights = kernel[0] * kernel[1] * filters * eights(channels);
      return SCRATCH_HEAD + 4 * (weights + groupOf(rows, columns) * windows * filters);
    }
    case 'softmaxCrossEntropy':
      return SCRATCH_HEAD + 4 * sizeOf(op.logits.shape);
    default:
      return 0;
  }
}

export function conv2d({ window, x, w, bias, y }: Conv2dOp, flags: number, context: StepContext): Call {
  const { kernels, address, range, scratch } = context;
  const over = windowArguments(window, x.shape);
  const [filters, group] = [w.shape[3]!, groupOf(over[8], over[9])];
  const [px, pw, py, pbias] = [address(x), address(w), address(y), bias ? address(bias) : 0];
  return () => kernels.conv2d(range.count, ...over, filters, group, px, pw, pbias, py, flags, scratch);
}

export function conv2dBackInput({ window, dy, w, dx, add }: Conv2dBackInputOp, context: StepContext): Call {
  const { kernels, address, range, scratch } = context;
  const over = windowArguments(window, dx.shape);
  const [filters, group] = [w.shape[3]!, groupOf(over[8], over[9])];
  const [pdy, pw, pdx, flags] = [address(dy), address(w), address(dx), add ? ACCUMULATE : 0];
  return () => kernels.conv2dBackInput(range.count, ...over, filters, group, pdy, pw, pdx, flags, scratch);
}

export function conv2dBackWeights({ window, x, dy, dw, add }: Conv2dBackWeightsOp, context: StepContext): Call {
  const { kernels, address, range, scratch } = context;
  const over = windowArguments(window, x.shape);
  const [filters, group] = [dw.shape[3]!, groupOf(over[8], over[9])];
  const [px, pdy, pdw, flags] = [address(x), address(dy), address(dw), add ? ACCUMULATE : 0];
  return () => kernels.conv2dBackWeights(range.count, ...over, filters, group, px, pdy, pdw, flags, scratch);
}

export function pool2d({ kind, window, countBorder, x, y }: Pool2dOp, { kernels, address, range }: StepContext): Call {
  const over = windowArguments(window, x.shape);
  const [px, py, counts] = [address(x), address(y), countBorder ? 1 : 0];
  if (kind === 'max') return () => kernels.maxPool(range.count, ...over, px, py);
  return () => kernels.averagePool(range.count, ...over, counts, px, py);
}

export function pool2dBack(op: Pool2dBackOp, { kernels, address, range }: StepContext): Call {
  const { kind, window, countBorder, x, y, dy, dx, add } = op;
  const over = windowArguments(window, x.shape);
  const [px, py, pdy, pdx] = [address(x), address(y), address(dy), address(dx)];
  const [counts, adds] = [countBorder ? 1 : 0, add ? 1 : 0];
  if (kind === 'max') return () => kernels.maxPoolBack(range.count, ...over, px, py, pdy, pdx, adds);
  return () => kernels.averagePoolBack(range.count, ...over, counts, pdy, pdx, adds);
}
