/**
 * The language between the layers and the backends: tensors with fixed shapes and straight-line lists of operations on them.
 *
 * Layers, losses and optimizers write programs; they never compute. A backend compiles a program once and then only runs it. A new
 * operation has to be taught to every backend; whatever is one formula per element is a `map`, and whatever sums or takes the largest of
 * such a formula is a `reduce`: neither needs teaching.
 *
 * Shape letters: B examples of a mini-batch, I inputs, O outputs. See docs/notation.md.
 */
import type { Formula } from '../formula/parse.ts';

export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

/**
 * A tensor of float32, or of int32 for class labels.
 *
 * `perExample`: the shape is that of one example and the tensor has B of them; otherwise the shape is everything.
 */
export interface Tensor {
  /**
   * Position in `Program.tensors`, and identity: two tensors with the same id are the same memory, perhaps seen under another shape.
   */
  readonly id: number;
  /** For people and for generated kernels: `h1.y`, `h1.W`, `h1.dW`. */
  readonly name: string;
  readonly shape: Shape;
  readonly perExample: boolean;
  readonly type: 'f32' | 'i32';
}

/**
 * y (M, N) = op(a) · op(b)  [+ bias (N) on every row]  [+ y, where `add`].
 *
 * Exactly one of three forms, recognized by the transposes: `NN` a (M, K), b (K, N); `TN` a stored (K, M); `NT` b stored (N, K).
 * A per-example tensor counts as a matrix with B rows and all its other axes as columns. In `TN` the sum runs over the batch.
 */
export interface MatmulOp {
  readonly op: 'matmul';
  readonly form: 'NN' | 'TN' | 'NT';
  readonly a: Tensor;
  readonly b: Tensor;
  readonly y: Tensor;
  readonly bias: Tensor | null;
  readonly add: boolean;
}

/**
 * y (N) = Σ over all rows of x  [+ y, where `add`]. x counts as a matrix of rows as long as y: (B, N), or (B·H·W, C) for the pixels of
 * images.
 */
export interface SumRowsOp {
  readonly op: 'sumRows';
  readonly x: Tensor;
  readonly y: Tensor;
  readonly add: boolean;
}

/**
 * How the elements of one example are seen by operations that stretch or shrink tensors: `pixels` × `groups` × `members`, in this
 * order in memory. An image [H, W, C] is H·W × 1 × C, in g groups of channels H·W × g × C/g; a row of F values is 1 × 1 × F.
 * Tensors that are not per example count as those of a single example.
 */
export interface Grid {
  readonly pixels: number;
  readonly groups: number;
  readonly members: number;
}

/** The axes of a grid that a tensor has, in order: p pixels, g groups, k members. Along the others its values repeat. */
export type Axes = '' | 'p' | 'g' | 'k' | 'pg' | 'pk' | 'gk' | 'pgk';

/** Elements of one example of a tensor that has these axes. */
export const sizeOfAxes = ({ pixels, groups, members }: Grid, axes: Axes): number =>
  (axes.includes('p') ? pixels : 1) * (axes.includes('g') ? groups : 1) * (axes.includes('k') ? members : 1);

/** What `map` and `reduce` have in common: a formula over tensors of the same size, or stretched over one grid. */
interface FormulaOp {
  readonly formula: Formula;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly constants: Readonly<Record<string, number>>;
  /** null: all tensors have the same size. */
  readonly grid: Grid | null;
  /** By name; a tensor that is not listed has all axes. One that is not per example also repeats from example to example. */
  readonly axes: Readonly<Record<string, Axes>>;
  /** Add to the targets instead of overwriting them. */
  readonly add: boolean;
}

/**
 * One formula per element: each statement `target = …` of the formula writes the tensor bound to its target, every other name reads
 * a tensor or stands for a number in `constants`. Targets may be read: `dx += dy · y` has `dx = dx + …` (see `add`). A target has all
 * axes of the grid, or, like every other tensor of the operation, none per example (a rule over statistics).
 */
export interface MapOp extends FormulaOp {
  readonly op: 'map';
}

export type ReduceKind = 'sum' | 'max';

/**
 * A formula per element of a grid, and of its results the sum, or the largest, over every axis that the targets do not have; over the
 * examples too where the targets are not per example. All targets have the same axes. The largest with NaN among them is not defined.
 *
 * Shapes: with the grid P × G × K, a target per example with axes `g` is y (B, G) = Σ over p, k; one of the batch with axes `k` is
 * y (K) = Σ over b, p, g. Sums are taken in a fixed order, whatever the number of threads.
 */
export interface ReduceOp extends FormulaOp {
  readonly op: 'reduce';
  readonly kind: ReduceKind;
  readonly grid: Grid;
}

/**
 * Columns `at` … of y = x, the others of y stay; and back: y = columns `at` … of x  [+ y, where `add`]. Rows are all axes but the last,
 * and the examples.
 *
 * Shapes: place x (B, …, N), y (B, …, M ≥ at + N); slice x (B, …, M), y (B, …, N).
 */
export interface PlaceOp {
  readonly op: 'place';
  readonly x: Tensor;
  readonly y: Tensor;
  readonly at: number;
}
export interface SliceOp {
  readonly op: 'slice';
  readonly x: Tensor;
  readonly y: Tensor;
  readonly at: number;
  readonly add: boolean;
}

/**
 * y[b, t] = table[ids[b, t]]: a row of the table for each id; and its gradient, dtable[ids[b, t]] (+)= dy[b, t]. Ids are whole numbers
 * in float32, rounded, and held within 0 … V − 1.
 *
 * Shapes: ids (B, T), table (V, D), y (B, T, D).
 */
export interface GatherOp {
  readonly op: 'gather';
  readonly ids: Tensor;
  readonly table: Tensor;
  readonly y: Tensor;
}
export interface ScatterOp {
  readonly op: 'scatter';
  readonly ids: Tensor;
  readonly dy: Tensor;
  readonly dtable: Tensor;
  readonly add: boolean;
}

/**
 * Softmax and cross-entropy in one, per example:
 *
 *   loss[b] = −log softmax(logits[b])[label[b]]
 *   correct[b] = 1 where the largest logit (the first of equals) is the label's, else 0
 *   dlogits[b] = (softmax(logits[b]) − onehot(label[b])) · weight[b]        (only with `dlogits`)
 *
 * Shapes: logits, dlogits (B, classes); labels (B) int32; weight, loss, correct (B). `weight` is 1/m for the m real examples of
 * the mini-batch, so that the gradient is that of the mean loss, and 0 for rows that only fill it up.
 */
export interface SoftmaxCrossEntropyOp {
  readonly op: 'softmaxCrossEntropy';
  readonly logits: Tensor;
  readonly labels: Tensor;
  readonly weight: Tensor;
  readonly loss: Tensor;
  readonly correct: Tensor;
  readonly dlogits: Tensor | null;
}

/**
 * How a window of kernel height × width walks over an image of shape [H, W, C]: `stride` pixels a step down and across, over a border
 * of `pad` [top, bottom, left, right] pixels. It gives ⌊(H + top + bottom − height) / down⌋ + 1 rows, columns alike.
 */
export interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [down: number, across: number];
  readonly pad: readonly [top: number, bottom: number, left: number, right: number];
}

/** Rows and columns of windows over an image [H, W, C]. */
export function windowsOver([height, width]: Shape, { kernel, stride, pad }: Window): [number, number] {
  const along = (length: number, axis: 0 | 1) =>
    Math.floor((length + pad[2 * axis]! + pad[2 * axis + 1]! - kernel[axis]) / stride[axis]) + 1;
  return [along(height!, 0), along(width!, 1)];
}

/**
 * y[b, r, s, o] = Σ over u, v, c of x[b, r·down + u − top, s·across + v − left, c] · w[u, v, c, o]  [+ bias[o]].
 *
 * The border is zeros; the kernel is not flipped (cross-correlation). Shapes: x (B, H, W, C), w (height, width, C, O), bias (O),
 * y (B, H′, W′, O).
 */
export interface Conv2dOp {
  readonly op: 'conv2d';
  readonly window: Window;
  readonly x: Tensor;
  readonly w: Tensor;
  readonly bias: Tensor | null;
  readonly y: Tensor;
}

/** dx (+)= the gradient of conv2d with respect to x. */
export interface Conv2dBackInputOp {
  readonly op: 'conv2dBackInput';
  readonly window: Window;
  readonly dy: Tensor;
  readonly w: Tensor;
  readonly dx: Tensor;
  readonly add: boolean;
}

/** dw (+)= the gradient of conv2d with respect to w, summed over the batch. */
export interface Conv2dBackWeightsOp {
  readonly op: 'conv2dBackWeights';
  readonly window: Window;
  readonly x: Tensor;
  readonly dy: Tensor;
  readonly dw: Tensor;
  readonly add: boolean;
}

export type PoolKind = 'max' | 'average';

/**
 * y[b, r, s, c] = the largest, or the mean, of the window's values of channel c. Border cells count as −∞ for the largest; for the mean
 * they are zeros that count (`countBorder`) or do not. Shapes: x (B, H, W, C), y (B, H′, W′, C), or (B, C) for a single window.
 */
export interface Pool2dOp {
  readonly op: 'pool2d';
  readonly kind: PoolKind;
  readonly window: Window;
  readonly countBorder: boolean;
  readonly x: Tensor;
  readonly y: Tensor;
}

/** dx (+)= the gradient of pool2d. Of equal largest values the first of the window, row by row, gets all of dy. */
export interface Pool2dBackOp {
  readonly op: 'pool2dBack';
  readonly kind: PoolKind;
  readonly window: Window;
  readonly countBorder: boolean;
  readonly x: Tensor;
  readonly y: Tensor;
  readonly dy: Tensor;
  readonly dx: Tensor;
  readonly add: boolean;
}

export type Op =
  | MatmulOp
  | SumRowsOp
  | MapOp
  | ReduceOp
  | PlaceOp
  | SliceOp
  | GatherOp
  | ScatterOp
  | SoftmaxCrossEntropyOp
  | Conv2dOp
  | Conv2dBackInputOp
  | Conv2dBackWeightsOp
  | Pool2dOp
  | Pool2dBackOp;
export type OpName = Op['op'];

/** The tensors an operation reads and those it writes (a tensor it adds to counts as both). */
export function tensorsOf(op: Op): { reads: Tensor[]; writes: Tensor[] } {
  switch (op.op) {
    case 'matmul':
      return { reads: [op.a, op.b, ...(op.bias ? [op.bias] : []), ...(op.add ? [op.y] : [])], writes: [op.y] };
    case 'sumRows':
      return { reads: [op.x, ...(op.add ? [op.y] : [])], writes: [op.y] };
    case 'map':
    case 'reduce': {
      const { targets, inputs } = op.formula;
      const bound = (names: readonly string[]) => names.flatMap((name) => (op.tensors[name] ? [op.tensors[name]] : []));
      return { reads: bound(op.add ? [...new Set([...inputs, ...targets])] : inputs), writes: bound(targets) };
    }
    case 'place': // what is beside the columns stays, so y is read as well as written
      return { reads: [op.x, op.y], writes: [op.y] };
    case 'slice':
      return { reads: [op.x, ...(op.add ? [op.y] : [])], writes: [op.y] };
    case 'gather':
      return { reads: [op.ids, op.table], writes: [op.y] };
    case 'scatter':
      return { reads: [op.ids, op.dy, ...(op.add ? [op.dtable] : [])], writes: [op.dtable] };
    case 'softmaxCrossEntropy':
      return {
        reads: [op.logits, op.labels, op.weight],
        writes: [op.loss, op.correct, ...(op.dlogits ? [op.dlogits] : [])]
      };
    case 'conv2d':
      return { reads: [op.x, op.w, ...(op.bias ? [op.bias] : [])], writes: [op.y] };
    case 'conv2dBackInput':
      return { reads: [op.dy, op.w, ...(op.add ? [op.dx] : [])], writes: [op.dx] };
    case 'conv2dBackWeights':
      return { reads: [op.x, op.dy, ...(op.add ? [op.dw] : [])], writes: [op.dw] };
    case 'pool2d':
      return { reads: [op.x], writes: [op.y] };
    case 'pool2dBack':
      return { reads: [op.x, op.y, op.dy, ...(op.add ? [op.dx] : [])], writes: [op.dx] };
    default:
      return op satisfies never;
  }
}

/**
 * Tensors that all examples share and that the program makes on its way, such as the statistics of a batch: a sum over the batch is
 * only whole when every part of the batch has been seen, so whoever cuts the batch in parts has to wait there.
 */
export function batchStatistics(ops: readonly Op[], parameters: ReadonlySet<number>): Tensor[] {
  const found = new Map<number, Tensor>();
  for (const op of ops)
    for (const tensor of tensorsOf(op).writes)
      if (!tensor.perExample && !parameters.has(tensor.id)) found.set(tensor.id, tensor);
  return [...found.values()];
}

/** A straight-line program over tensors that all live at once. */
export interface Program {
  readonly batchSize: number;
  readonly tensors: readonly Tensor[];
  readonly ops: readonly Op[];
}
