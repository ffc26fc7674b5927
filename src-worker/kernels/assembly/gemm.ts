/** Matrix product in single precision, with transposed operands, bias, relu and adding up. */
import { copyBlock, packA, packB, packTransposedB, panelWidth } from './pack';
import { tile4, tiles8, tiles8Packed } from './tile';

// Flags; ../signatures.ts says the same.
const TRANS_A = 1;
const TRANS_B = 2;
const ACCUMULATE = 4;
const BIAS = 8;
const RELU = 16;

/** A block of KC × NC of B is packed and stays in the second cache; four rows of A stay in the first. */
const KC: i32 = 256;
const NC: i32 = 512;
/** So few rows of A do not repay packing B, which is read where it lies. */
const FEW_ROWS: i32 = 16;
/** Nor do so many where rows of B are no further apart: lines of cache at larger distances drive one another out. */
const SOME_ROWS: i32 = 128;
const NEAR: i32 = 256;

/** The scratch area, in bytes: 128 zeros, a tile for the edges, a panel of A, a block of B. */
const TILE_AT: usize = 128;
const A_AT: usize = 256;
const B_AT: usize = A_AT + 4 * KC * 4;
const TILE_STRIDE: usize = 32;

/** Bytes of scratch that a call needs. The first 128 must be zero and stay so; each thread has an area of its own. */
export const GEMM_SCRATCH: i32 = <i32>B_AT + KC * NC * 4;

/**
 * C = op(A) · op(B). All row-major; leading dimensions in elements.
 *
 * TRANS_A: A is stored (k, m). TRANS_B: B is stored (n, k). ACCUMULATE: add to C. BIAS: add `bias` to every row. RELU: max(0, C) at the
 * end. ACCUMULATE and BIAS exclude each other.
 *
 * An element of C is summed over k in one order whatever its place, so the bits do not depend on how rows are shared out.
 *
 * Shapes: op(A) (m, k), op(B) (k, n), C (m, n), bias (n); k at least 1.
 * Source: Goto & van de Geijn 2008, Anatomy of High-Performance Matrix Multiplication (blocking and packing).
 */
export function gemm(
  flags: i32,
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  c: usize,
  ldc: i32,
  bias: usize,
  scratch: usize
): void {
  const strideB = <usize>ldb * 4;
  const strideC = <usize>ldc * 4;
  const rowStride: usize = flags & TRANS_A ? 4 : <usize>lda * 4;
  const columnStride: usize = flags & TRANS_A ? <usize>lda * 4 : 4;
  const packedA = scratch + A_AT;
  const packedB = scratch + B_AT;
  // Four rows of A are copied to adjacent floats where that pays: transposed, its own stride can defeat the cache; and without fused
  // multiply-add the tile has no issue slot free for four row pointers.
  const packs = flags & TRANS_A ? n >= 32 : !ASC_FEATURE_RELAXED_SIMD && n >= 64;
  const repaysB = m > (ASC_FEATURE_RELAXED_SIMD && ldb <= NEAR ? SOME_ROWS : FEW_ROWS);
  const packsB = (flags & TRANS_B) != 0 || repaysB || (n & 3) != 0;
  // Equal blocks of k, a multiple of 4 long.
  const blockK = (k / ((k + KC - 1) / KC) + 3) & ~3;
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += blockK) {
      const kc = min(blockK, k - pc);
      const relu = pc + kc == k ? flags & RELU : 0;
      if (flags & TRANS_B) packTransposedB(kc, nc, b + <usize>jc * strideB + <usize>pc * 4, strideB, packedB);
      else if (packsB) packB(kc, nc, b + <usize>pc * strideB + <usize>jc * 4, strideB, packedB);
      const panels = packsB ? packedB : b + <usize>pc * strideB + <usize>jc * 4;
      const panelStride: usize = packsB ? 32 : strideB;
      const panelStep: usize = packsB ? <usize>kc * 32 : 32;
      // What the accumulators start from: C, the bias, or zeros.
      const fromC = pc > 0 || (flags & ACCUMULATE) != 0;
      const initStride: usize = fromC ? strideC : 0;
      const initStep: usize = fromC || flags & BIAS ? 32 : 0;
      for (let i = 0; i < m; i += 4) {
        const rows = min(4, m - i);
        let rowsA = a + <usize>i * rowStride + <usize>pc * columnStride;
        let rowStrideA = rowStride;
        let columnStrideA = columnStride;
        if (packs || rows < 4) {
          packA(rows, kc, rowsA, rowStride, columnStride, packedA);
          rowsA = packedA;
          rowStrideA = 4;
          columnStrideA = 16;
        }
        const rowsC = c + <usize>i * strideC + <usize>jc * 4;
        const init = fromC ? rowsC : flags & BIAS ? bias + <usize>jc * 4 : scratch;
        let j = 0;
        if (rows == 4) {
          const whole = nc >> 3;
          if (whole && packs)
            tiles8Packed(
              whole,
              kc,
              rowsA,
              panels,
              panelStride,
              panelStep,
              rowsC,
              strideC,
              init,
              initStride,
              initStep,
              relu
            );
          else if (whole)
            tiles8(
              whole,
              kc,
              rowsA,
              rowStrideA,
              columnStrideA,
              panels,
              panelStride,
              panelStep,
              rowsC,
              strideC,
              init,
              initStride,
              initStep,
              relu
            );
          j = whole << 3;
        }
        for (; j < nc; j += 8) {
          const columns = min(8, nc - j);
          const panel = panels + <usize>(j >> 3) * panelStep;
          const place = rowsC + <usize>j * 4;
          // Four whole columns are computed in place, any other edge in a tile aside.
          const isAside = rows < 4 || columns != 4;
          const tile = isAside ? scratch + TILE_AT : place;
          const stride = isAside ? TILE_STRIDE : strideC;
          let tileInit = initStep ? init + <usize>j * 4 : init;
          let tileInitStride = initStride;
          if (initStep && isAside) {
            copyBlock(fromC ? rows : 4, columns, tileInit, initStride, tile, stride);
            tileInit = tile;
            tileInitStride = stride;
          }
          if (panelWidth(columns) == 4)
            tile4(
              kc,
              rowsA,
              rowStrideA,
              columnStrideA,
              panel,
              packsB ? 16 : strideB,
              tile,
              stride,
              tileInit,
              tileInitStride,
              relu
            );
          else
            tiles8(
              1,
              kc,
              rowsA,
              rowStrideA,
              columnStrideA,
              panel,
              panelStride,
              0,
              tile,
              stride,
              tileInit,
              tileInitStride,
              0,
              relu
            );
          if (isAside) copyBlock(rows, columns, tile, stride, place, strideC);
        }
      }
    }
  }
}
