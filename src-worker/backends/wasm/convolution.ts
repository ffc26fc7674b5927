/** Convolution as closures over the kernels: which of them, and the scratch that it needs. */
import { ACCUMULATE, type WindowArguments } from '../../kernels/signatures.ts';
import { sizeOf, windowsOver } from '../../plan/program.ts';
import type { Conv2dBackInputOp, Conv2dBackWeightsOp, Conv2dOp, Op, Shape, Window } from '../../plan/program.ts';
import type { Call, StepContext } from './steps.ts';

type Convolution = Conv2dOp | Conv2dBackInputOp | Conv2dBackWeightsOp;

export function windowArguments(window: Window, [height, width, channels]: Shape): WindowArguments {
  const [rows, columns] = windowsOver([height!, width!], window);
  const { kernel, stride, pad } = window;
  return [height!, width!, channels!, ...kernel, ...stride, pad[0], pad[2], rows, columns];
}

/** Sizes of a convolution whatever its direction. */
function sizesOf(op: Convolution) {
  const [image, weights] =
    op.op === 'conv2d' ? [op.x, op.w] : op.op === 'conv2dBackInput' ? [op.dx, op.w] : [op.x, op.dw];
  const over = windowArguments(op.window, image.shape);
  const [height, width, channels, kernelHeight, kernelWidth, down, across, top, left, rows, columns] = over;
  const filters = weights.shape[3]!;
  const sizes = { height, width, channels, filters, kernelHeight, kernelWidth, down, across, top, left, rows, columns };
  return { over, ...sizes };
}
type Sizes = ReturnType<typeof sizesOf>;

const eights = (length: number) => Math.ceil(length / 8) * 8;
const evens = (length: number) => Math.ceil(length / 2) * 2;

/** So many windows at once at least: the tiles of one small image would be half empty. */
const WINDOWS_AT_ONCE = 64;
const groupOf = ({ rows, columns }: Sizes) => Math.ceil(WINDOWS_AT_ONCE / (rows * columns));

/** Whether Winograd's kernels take it, and gain: channels enough to pay for the transforms, and few tiles that reach over the edge. */
function isWinograd(op: Convolution): boolean {
  const { height, width, channels, filters, top, left, rows, columns } = sizesOf(op);
  const { kernel, stride } = op.window;
  if (kernel.some((size) => size !== 3) || stride.some((step) => step !== 1)) return false;
  if (channels % 4 !== 0 || filters % 4 !== 0 || channels < 8 || filters < 8) return false;
  if (op.op === 'conv2dBackInput') return top <= 2 && left <= 2 && areTilesFull(height, width);
  return areTilesFull(rows, columns);
}

const areTilesFull = (rows: number, columns: number) => evens(rows) * evens(columns) <= 1.5 * rows * columns;

/** Zeros that kernels rely on, and a tile. */
export const SCRATCH_HEAD = 256;

/** Bytes of scratch that an operation needs; the kernels' comments say what for. */
export function scratchOf(op: Op): number {
  switch (op.op) {
    case 'conv2d':
    case 'conv2dBackInput':
    case 'conv2dBackWeights':
      return SCRATCH_HEAD + 4 * (isWinograd(op) ? winogradFloats(op) : directFloats(op));
    case 'softmaxCrossEntropy':
      return SCRATCH_HEAD + 4 * sizeOf(op.logits.shape);
    default:
      return 0;
  }
}

function directFloats(op: Convolution): number {
  const sizes = sizesOf(op);
  const { height, width, channels, filters, kernelHeight, kernelWidth, down, across, top, left, rows, columns } = sizes;
  const cells = kernelHeight * kernelWidth;
  if (op.op === 'conv2dBackInput') {
    const along = (length: number, before: number, size: number, step: number) =>
      Math.ceil(size / step) + Math.floor((length - 1 + before) / step);
    const windows = along(height, top, kernelHeight, down) * along(width, left, kernelWidth, across);
    return cells * filters * eights(channels) + groupOf(sizes) * windows * filters;
  }
  const pixels = ((rows - 1) * down + kernelHeight) * ((columns - 1) * across + kernelWidth);
  const weights = op.op === 'conv2d' ? cells * channels * eights(filters) : 0;
  return weights + groupOf(sizes) * pixels * channels;
}

/** Tiles at once, and floats between slabs, as in kernels/assembly/winograd.ts. */
const TILES = 32;
const slabs = (channels: number) => 16 * (TILES * channels + 16);

function winogradFloats(op: Convolution): number {
  const sizes = sizesOf(op);
  const { height, width, channels, filters, rows, columns } = sizes;
  const bordered = (high: number, wide: number) => groupOf(sizes) * (evens(high) + 2) * (evens(wide) + 2);
  if (op.op === 'conv2dBackWeights') {
    const transformed = slabs(channels) + slabs(eights(filters));
    return 16 * channels * eights(filters) + transformed + bordered(rows, columns) * channels;
  }
  const isForward = op.op === 'conv2d';
  const [inputs, outputs] = isForward ? [channels, eights(filters)] : [filters, eights(channels)];
  const transformed = slabs(inputs) + slabs(outputs);
  const images = isForward ? bordered(rows, columns) : bordered(height, width);
  return (9 + 16) * inputs * outputs + transformed + images * inputs;
}

export function conv2d(op: Conv2dOp, flags: number, { kernels, address, range, scratch }: StepContext): Call {
  const { x, w, bias, y } = op;
  const sizes = sizesOf(op);
  const { over, filters } = sizes;
  const [group, px, pw, py, pbias] = [groupOf(sizes), address(x), address(w), address(y), bias ? address(bias) : 0];
  const run = isWinograd(op) ? kernels.winogradConv2d : kernels.conv2d;
  return () => run(range.count, ...over, filters, group, px, pw, pbias, py, flags, scratch);
}

export function conv2dBackInput(op: Conv2dBackInputOp, { kernels, address, range, scratch }: StepContext): Call {
  const { dy, w, dx, add } = op;
  const sizes = sizesOf(op);
  const { over, filters } = sizes;
  const [group, pdy, pw, pdx, flags] = [groupOf(sizes), address(dy), address(w), address(dx), add ? ACCUMULATE : 0];
  const run = isWinograd(op) ? kernels.winogradBackInput : kernels.conv2dBackInput;
  return () => run(range.count, ...over, filters, group, pdy, pw, pdx, flags, scratch);
}

export function conv2dBackWeights(op: Conv2dBackWeightsOp, { kernels, address, range, scratch }: StepContext): Call {
  const { x, dy, dw, add } = op;
  const sizes = sizesOf(op);
  const { over, filters } = sizes;
  const [group, px, pdy, pdw, flags] = [groupOf(sizes), address(x), address(dy), address(dw), add ? ACCUMULATE : 0];
  const run = isWinograd(op) ? kernels.winogradBackWeights : kernels.conv2dBackWeights;
  return () => run(range.count, ...over, filters, group, px, pdy, pdw, flags, scratch);
}
