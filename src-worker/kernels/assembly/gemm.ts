/** Single precision matrix product, the transpose forms, with bias / ReLU / accumulate. */
import { tile4, tiles8, tiles8Packed } from './tile';

/** Flags of `gemm`. */
export const TRANS_A = 1,
  TRANS_B = 2,
  ACCUMULATE = 4,
  BIAS = 8,
  RELU = 16;

/** Blocking: a KC x NC block of B is packed and stays in L2; four rows of A stay in L1. */
const KC: i32 = 256;
const NC: i32 = 512;

/** Layout of the scratch area (bytes): 128 zeros, edge tile, panel of A, block of B. */
const S_TILE: usize = 128,
  S_A: usize = 256,
  S_B: usize = S_A + 4 * KC * 4;
/** Bytes of scratch a call needs (one area per thread). The first 128 bytes must stay zero. */
export const GEMM_SCRATCH: i32 = <i32>S_B + KC * NC * 4;

/** Columns of B are packed in panels of 8; a rest of up to 4 columns in one of 4. */
function panelWidth(left: i32): i32 {
  return left > 4 ? 8 : 4;
}

/** B[k, n] (row stride ldb bytes) -> panels, zero padded. */
function packB(k: i32, n: i32, b: usize, ldb: usize, dst: usize): void {
  let j = 0;
  for (; j + 8 <= n; j += 8) {
    let p = b + <usize>j * 4;
    for (let i = 0; i < k; i++) {
      v128.store(dst, v128.load(p));
      v128.store(dst, v128.load(p, 16), 16);
      dst += 32;
      p += ldb;
    }
  }
  const rest = n - j;
  if (rest) {
    let p = b + <usize>j * 4;
    if (rest == 4)
      for (let i = 0; i < k; i++) {
        v128.store(dst, v128.load(p));
        dst += 16;
        p += ldb;
      }
    else {
      const row = <usize>panelWidth(rest) * 4;
      memory.fill(dst, 0, <usize>k * row);
      for (let i = 0; i < k; i++) {
        for (let q = 0; q < rest; q++) store<f32>(dst + ((<usize>q) << 2), load<f32>(p + ((<usize>q) << 2)));
        dst += row;
        p += ldb;
      }
    }
  }
}

/** Four rows at p (row stride ld), four columns: transposed and stored with row stride sd. */
function transpose4(p: usize, ld: usize, dst: usize, sd: usize): void {
  const r0 = v128.load(p),
    r1 = v128.load(p + ld),
    r2 = v128.load(p + 2 * ld),
    r3 = v128.load(p + 3 * ld);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5),
    t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7),
    t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(dst, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(dst + sd, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
  v128.store(dst + 2 * sd, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
  v128.store(dst + 3 * sd, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
}

/** B stored transposed: Bt[n, k] (row stride ldb bytes) -> panels, zero padded. */
function packBt(k: i32, n: i32, b: usize, ldb: usize, dst: usize): void {
  for (let j = 0; j < n;) {
    const width = panelWidth(n - j),
      row = <usize>width * 4;
    let p = b + <usize>j * ldb,
      i = 0;
    if (j + width <= n) {
      for (; i + 4 <= k; i += 4) {
        transpose4(p, ldb, dst, row);
        if (width == 8) transpose4(p + 4 * ldb, ldb, dst + 16, row);
        dst += 4 * row;
        p += 16;
      }
    }
    const cols = min(width, n - j);
    for (; i < k; i++) {
      for (let q = 0; q < width; q++) store<f32>(dst + ((<usize>q) << 2), q < cols ? load<f32>(p + <usize>q * ldb) : 0);
      dst += row;
      p += 4;
    }
    j += width;
  }
}

/** `rows` (1..4) rows of A, k columns -> k groups of 4, zero padded. rs/cs: row/column stride. */
function packA(rows: i32, k: i32, a: usize, rs: usize, cs: usize, dst: usize): void {
  if (rows == 4 && rs == 4) {
    for (let i = 0; i < k; i++) {
      v128.store(dst, v128.load(a));
      dst += 16;
      a += cs;
    }
    return;
  }
  let i = 0;
  if (rows == 4 && cs == 4)
    for (; i + 4 <= k; i += 4) {
      transpose4(a, rs, dst, 16);
      dst += 64;
      a += 16;
    }
  for (; i < k; i++) {
    v128.store(dst, f32x4.splat(0));
    for (let q = 0; q < rows; q++) store<f32>(dst + ((<usize>q) << 2), load<f32>(a + <usize>q * rs));
    dst += 16;
    a += cs;
  }
}

/** Copies a rows x cols block of floats. */
function copyBlock(rows: i32, cols: i32, src: usize, lds: usize, dst: usize, ldd: usize): void {
  for (let r = 0; r < rows; r++) {
    for (let q = 0; q < cols; q++) store<f32>(dst + ((<usize>q) << 2), load<f32>(src + ((<usize>q) << 2)));
    src += lds;
    dst += ldd;
  }
}

/**
 * C[m, n] = op(A) * op(B), row-major f32, leading dimensions in elements.
 *
 * TRANS_A: A is stored [k, m]. TRANS_B: B is stored [n, k]. ACCUMULATE: add to C.
 * BIAS: add bias[n] to every row. RELU: clamp at zero at the end. ACCUMULATE and BIAS exclude
 * each other.
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
  const la = <usize>lda * 4,
    lb = <usize>ldb * 4,
    lc = <usize>ldc * 4;
  const rs: usize = flags & TRANS_A ? 4 : la,
    cs: usize = flags & TRANS_A ? la : 4;
  const tile = scratch + S_TILE,
    pa = scratch + S_A,
    pb = scratch + S_B;
  // A panel of A is copied to adjacent floats if that pays: transposed, its own stride can defeat the
  // cache; and without fused multiply-add the tile has no issue slot free for four row pointers.
  const pack = flags & TRANS_A ? n >= 32 : !ASC_FEATURE_RELAXED_SIMD && n >= 64;
  // Equal blocks of k, a multiple of 4 long.
  const kb = (k / ((k + KC - 1) / KC) + 3) & ~3;
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc),
      whole = nc >> 3,
      rest = nc & 7,
      width = panelWidth(rest);
    for (let pc = 0; pc < k; pc += kb) {
      const kc = min(kb, k - pc),
        relu = pc + kc == k ? flags & RELU : 0;
      if (flags & TRANS_B) packBt(kc, nc, b + <usize>jc * lb + <usize>pc * 4, lb, pb);
      else packB(kc, nc, b + <usize>pc * lb + <usize>jc * 4, lb, pb);
      // What the accumulators start from: C, the bias, or zeros.
      const fromC = pc > 0 || (flags & ACCUMULATE) != 0;
      const ldi: usize = fromC ? lc : 0,
        di: usize = fromC || flags & BIAS ? 32 : 0;
      for (let i = 0; i < m; i += 4) {
        const rows = min(4, m - i);
        let ap = a + <usize>i * rs + <usize>pc * cs,
          ra = rs,
          sa = cs;
        if (pack || rows < 4) {
          packA(rows, kc, ap, rs, cs, pa);
          ap = pa;
          ra = 4;
          sa = 16;
        }
        const cp = c + <usize>i * lc + <usize>jc * 4;
        const init = fromC ? cp : flags & BIAS ? bias + <usize>jc * 4 : scratch;
        if (rows == 4) {
          if (whole) {
            if (pack) tiles8Packed(whole, kc, ap, pb, cp, lc, init, ldi, di, relu);
            else tiles8(whole, kc, ap, ra, sa, pb, cp, lc, init, ldi, di, relu);
          }
          if (rest) {
            const bp = pb + <usize>(whole * kc) * 32,
              ce = cp + <usize>whole * 32;
            let ie = di ? init + <usize>whole * 32 : init,
              le = ldi;
            if (rest == 4) tile4(kc, ap, ra, sa, bp, ce, lc, ie, le, relu);
            else {
              if (di) {
                copyBlock(4, rest, ie, ldi, tile, 32);
                ie = tile;
                le = 32;
              }
              if (width == 4) tile4(kc, ap, ra, sa, bp, tile, 32, ie, le, relu);
              else tiles8(1, kc, ap, ra, sa, bp, tile, 32, ie, le, 0, relu);
              copyBlock(4, rest, tile, 32, ce, lc);
            }
          }
        } else
          // The last one to three rows: tile by tile through the edge tile.
          for (let j = 0; j < nc; j += 8) {
            const cols = min(8, nc - j),
              bp = pb + <usize>(j * kc) * 4,
              ce = cp + <usize>j * 4;
            let ie = di ? init + <usize>j * 4 : init,
              le = ldi;
            if (di) {
              copyBlock(fromC ? rows : 4, cols, ie, ldi, tile, 32);
              ie = tile;
              le = 32;
            }
            if (cols > 4) tiles8(1, kc, ap, ra, sa, bp, tile, 32, ie, le, 0, relu);
            else tile4(kc, ap, ra, sa, bp, tile, 32, ie, le, relu);
            copyBlock(rows, cols, tile, 32, ce, lc);
          }
      }
    }
  }
}

/** Does nothing: to time the call itself. */
export function nop(
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
): void {}
