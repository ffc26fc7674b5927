/** What the kernels share. All pointers are byte offsets in the linear memory. */

/** c + a · b. One fused instruction in the relaxed build, two in the portable one. */
export function fma(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

export function splat(p: usize): v128 {
  return v128.load32_splat(p);
}

/** max(0, x) in each lane; NaN stays NaN, which `f32x4.pmax(zero, x)` would turn into 0. */
export function relu4(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/**
 * e^r in each lane for |r| ≤ ½ ln 2.
 *
 * Source: Cephes, expf.c.
 */
export function expOfRest(r: v128): v128 {
  let p = f32x4.splat(1.98756915e-4);
  p = fma(p, r, f32x4.splat(1.3981999507e-3));
  p = fma(p, r, f32x4.splat(8.3334519073e-3));
  p = fma(p, r, f32x4.splat(4.1665795894e-2));
  p = fma(p, r, f32x4.splat(1.6666665459e-1));
  p = fma(p, r, f32x4.splat(5.0000001201e-1));
  return f32x4.add(fma(p, f32x4.mul(r, r), r), f32x4.splat(1));
}

/** x − k ln 2, in two parts so that it keeps its last bits. Source: Cephes, expf.c. */
export function restOfExponent(x: v128, k: v128): v128 {
  return fma(k, f32x4.splat(2.1219444e-4), fma(k, f32x4.splat(-0.693359375), x));
}

/** 1.5 · 2²³: adding it to a small float rounds that to a whole number, which then stands in the low bits. */
const ROUNDER: f32 = 12582912;

/**
 * eˣ in each lane for x ≤ 0, about 2 ulp; 0 below −87.3, where the result is no normal number. NaN stays NaN.
 *
 * e^x = 2^k · e^r with k = round(x / ln 2).
 */
export function expNegative(x: v128): v128 {
  const rounder = f32x4.splat(ROUNDER);
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), rounder);
  const p = expOfRest(restOfExponent(x, f32x4.sub(shifted, rounder)));
  // The whole number k times 2²³ added to the bits of p is p · 2^k.
  const y = i32x4.add(p, i32x4.shl(shifted, 23));
  return v128.andnot(v128.bitselect(x, y, f32x4.ne(x, x)), f32x4.lt(x, f32x4.splat(-87.3)));
}
