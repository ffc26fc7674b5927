/**
 * The compiled kernels as their callers see them. Addresses are byte offsets in the memory that was given at instantiation; sizes and
 * leading dimensions count elements. Nothing is checked.
 */

/** Flags of `gemm`. ACCUMULATE and BIAS exclude each other. */
export const TRANS_A = 1;
export const TRANS_B = 2;
export const ACCUMULATE = 4;
export const BIAS = 8;
export const RELU = 16;

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
