/**
 * Masks of ones and zeros by hashing a counter: element i of example b in step t is the same whoever draws it, in whatever order, so
 * threads and backends agree to the last bit and nothing has to be kept.
 */

/** The finalizer of MurmurHash3, a bijection of 32 bits. */
function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/** The key of a stream: what of a mask stays the same from step to step. */
export function maskKey(seed: number, stream: string): number {
  let key = mix(seed);
  for (let at = 0; at < stream.length; at++) key = mix(key ^ stream.charCodeAt(at));
  return key;
}

/** The key of one example in one step. */
export const maskRowKey = (key: number, step: number, example: number): number => mix(mix(key ^ step) ^ example);

/** A word below this keeps its element. */
export const maskLimit = (keep: number): number => Math.min(Math.floor(keep * 2 ** 32), 2 ** 32 - 1) >>> 0;

/** Odd, so that its multiples are all different: ⌊2³² / φ⌋. */
export const MASK_STEP = 0x9e3779b9;

/** Fills `size` elements from `at` on: 1 where hash(rowKey + i·MASK_STEP) < limit, else 0. */
export function fillMask(
  target: Float32Array | Float64Array,
  at: number,
  size: number,
  rowKey: number,
  limit: number
): void {
  for (let i = 0; i < size; i++) target[at + i] = mix(rowKey + Math.imul(i, MASK_STEP)) >>> 0 < limit ? 1 : 0;
}
