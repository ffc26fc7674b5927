/**
 * The compiled kernels as their callers see them. Addresses are byte offsets in the memory that was given at instantiation; sizes and
 * leading dimensions count elements. Nothing is checked.
 */

/** Flags of `gemm`, where ACCUMULATE and BIAS exclude each other; ACCUMULATE and RELU also of convolutions. */
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
  stride: number,
  top: number,
  left: number,
  rows: number,
  columns: number
];

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
   * Convolution and its gradients, `group` images at once. `scratch`: 256 bytes, the first 128 of them zero; the packed weights
   * (kernel height · kernel width · channels · filters, the filters in eights; in conv2dBackInput the channels in eights instead; none in
   * conv2dBackWeights); and a group of images with their border (of dy in conv2dBackInput).
   */
  conv2d(
    images: number,
    ...window: [
      ...WindowArguments,
      filters: number,
      group: number,
      x: number,
      weights: number,
      bias: number,
      y: number,
      flags: number,
      scratch: number
    ]
  ): void;
  conv2dBackInput(
    images: number,
    ...window: [
      ...WindowArguments,
      filters: number,
      group: number,
      dy: number,
      weights: number,
      dx: number,
      flags: number,
      scratch: number
    ]
  ): void;
  conv2dBackWeights(
    images: number,
    ...window: [
      ...WindowArguments,
      filters: number,
      group: number,
      x: number,
      dy: number,
      dw: number,
      flags: number,
      scratch: number
    ]
  ): void;
  maxPool(images: number, ...window: [...WindowArguments, x: number, y: number]): void;
  maxPoolBack(
    images: number,
    ...window: [...WindowArguments, x: number, y: number, dy: number, dx: number, add: number]
  ): void;
  averagePool(images: number, ...window: [...WindowArguments, countBorder: number, x: number, y: number]): void;
  averagePoolBack(
    images: number,
    ...window: [...WindowArguments, countBorder: number, dy: number, dx: number, add: number]
  ): void;
  /** y[i, j] += row[j] */
  addRow(rows: number, columns: number, row: number, y: number): void;
  sumRows(rows: number, columns: number, x: number, y: number, add: number): void;
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
