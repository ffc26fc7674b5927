/** Masks of ones and zeros with the bits of src-worker/data/mask.ts, which says how they are drawn. */

const FIRST: i32 = 0x85ebca6b;
const SECOND: i32 = 0xc2b2ae35;
const STEP: i32 = 0x9e3779b9;

function mix(value: i32): i32 {
  let z = value;
  z = (z ^ (z >>> 16)) * FIRST;
  z = (z ^ (z >>> 13)) * SECOND;
  return z ^ (z >>> 16);
}

function mix4(value: v128): v128 {
  let z = value;
  z = i32x4.mul(v128.xor(z, i32x4.shr_u(z, 16)), i32x4.splat(FIRST));
  z = i32x4.mul(v128.xor(z, i32x4.shr_u(z, 13)), i32x4.splat(SECOND));
  return v128.xor(z, i32x4.shr_u(z, 16));
}

/**
 * y[b, i] = 1 where hash(key, step, first + b, i) < limit, else 0. `limit` is unsigned.
 *
 * Shapes: y (rows, size).
 */
export function fillMask(rows: i32, size: i32, first: i32, key: i32, step: i32, limit: i32, y: usize): void {
  const whole = size & ~3;
  const limits = i32x4.splat(limit);
  const ones = f32x4.splat(1);
  const stride = i32x4.splat(4 * STEP);
  const ramp = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(STEP));
  for (let b = 0; b < rows; b++) {
    const row = mix(mix(key ^ step) ^ (first + b));
    let counters = i32x4.add(i32x4.splat(row), ramp);
    for (let i = 0; i < whole; i += 4) {
      v128.store(y, v128.and(i32x4.lt_u(mix4(counters), limits), ones));
      counters = i32x4.add(counters, stride);
      y += 16;
    }
    for (let i = whole; i < size; i++) {
      store<f32>(y, <u32>mix(row + i * STEP) < <u32>limit ? 1 : 0);
      y += 4;
    }
  }
}
