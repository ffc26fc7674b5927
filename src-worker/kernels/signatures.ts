/**
 * The compiled kernels as their callers see them. Addresses are byte offsets in the memory that was given at instantiation; sizes and
 * leading dimensions count elements. Nothing is checked.
 */

/** Flags of `gemm`, where ACCUMULATE and BIAS exclude each other; ACCUMULATE and RELU also of convolutions and of maxPoolBack. */
export const TRANS_A = 1;
export const TRANS_B = 2;
export const ACCUMULATE = 4;
export const BIAS = 8;
export const RELU = 16;

/** A window over images [height, width, channels], as the first arguments of the kernels that walk with one. */
export type WindowArguments = readonly [
  height: number,
  width: number,
  channels: number,
  kernelHeight: number,
  kernelWidth: number,
  strideDown: number,
  strideAcross: number,
  top: number,
  left: number,
  rows: number,
  columns: number
];

type ImagesThen<Rest extends readonly unknown[]> = (images: number, ...rest: [...WindowArguments, ...Rest]) => void;

type ConvolutionKernel = ImagesThen<
  [filters: number, group: number, x: number, weights: number, bias: number, y: number, flags: number, scratch: number]
>;
type ConvolutionBackInputKernel = ImagesThen<
  [filters: number, group: number, dy: number, weights: number, dx: number, flags: number, scratch: number]
>;
type ConvolutionBackWeightsKernel = ImagesThen<
  [filters: number, group: number, x: number, dy: number, dw: number, flags: number, scratch: number]
>;

export interface Kernels {
  /** C (m, n) = op(A) · op(B), all row-major; k at least 1. `scratch`: GEMM_SCRATCH bytes, the first 128 of them zero. */
  gemm(
    flags: number,
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    c: number,
    ldc: number,
    bias: number,
    scratch: number
  ): void;
  readonly GEMM_SCRATCH: WebAssembly.Global;
  /**
   * Convolution and its gradients, `group` images at once. Scratch: 256 bytes, the first 128 of them zero; the packed weights (kernel
   * height · kernel width · channels · filters, the filters in eights; for the gradient of x the channels in eights instead; none for
   * that of the weights); and a group of images with their border (of dy for the gradient of x).
   */
  readonly conv2d: ConvolutionKernel;
  readonly conv2dBackInput: ConvolutionBackInputKernel;
  readonly conv2dBackWeights: ConvolutionBackWeightsKernel;
  /**
   * The same for kernels of 3 × 3, stride 1 and channels and filters that are multiples of 4; for the gradient of x borders of at most 2.
   * More scratch: backends/wasm/convolution.ts.
   */
  readonly winogradConv2d: ConvolutionKernel;
  readonly winogradBackInput: ConvolutionBackInputKernel;
  readonly winogradBackWeights: ConvolutionBackWeightsKernel;
  readonly maxPool: ImagesThen<[x: number, y: number]>;
  readonly maxPoolBack: ImagesThen<[x: number, y: number, dy: number, dx: number, flags: number]>;
  readonly averagePool: ImagesThen<[countBorder: number, x: number, y: number]>;
  readonly averagePoolBack: ImagesThen<[countBorder: number, dy: number, dx: number, add: number]>;
  /** y[i, j] += row[j] */
  addRow(rows: number, columns: number, row: number, y: number): void;
  sumRows(rows: number, columns: number, x: number, y: number, add: number): void;
  /** y[i, j] = x[i, j], or added to it; rows of x and of y are so many bytes apart. */
  copyColumns(rows: number, columns: number, x: number, rowX: number, y: number, rowY: number, add: number): void;
  gatherRows(count: number, entries: number, width: number, ids: number, table: number, y: number): void;
  scatterRows(
    count: number,
    entries: number,
    width: number,
    ids: number,
    dy: number,
    dtable: number,
    add: number
  ): void;
  /** Masks of data/mask.ts, for examples `first` … of the batch. */
  fillMask(rows: number, size: number, first: number, key: number, step: number, limit: number, y: number): void;
  softmaxCrossEntropy(
    rows: number,
    classes: number,
    z: number,
    labels: number,
    weight: number,
    loss: number,
    correct: number,
    dz: number,
    spare: number
  ): void;
  unpackBytes(rows: number, columns: number, source: number, scale: number, shift: number, x: number): void;
  unpackFloats(rows: number, columns: number, source: number, scale: number, shift: number, x: number): void;
  /** Returns when `threads` threads have called it. */
  barrier(at: number, threads: number, spins: number): void;
  /** For generated modules alone: vectors cannot cross into JavaScript. */
  readonly exp4: WebAssembly.ExportValue;
  readonly log4: WebAssembly.ExportValue;
  readonly tanh4: WebAssembly.ExportValue;
}
