/**
 * The one source of chance: a generator per named stream, so that drawing more from one (dropout, say) never moves another (shuffle).
 *
 * Every method uses integer operations, + − × ÷ and √ alone, which IEEE 754 and ECMAScript define to the last bit. So a seed gives the
 * same numbers in every engine and on every machine; Math.log and Math.cos would not promise that.
 */

type Stream = 'init' | 'shuffle' | 'dropout' | 'augment' | 'split' | 'search' | 'generate' | 'observe';
/** A stream, or a part of one: `shuffle`, `init/h1.W`. */
export type StreamName = Stream | `${Stream}/${string}`;

/** The four 32-bit words of a generator; plain numbers, so that a checkpoint can keep them as JSON. */
export type RandomState = readonly [number, number, number, number];

/** Opens a stream at its beginning. Streams that differ in seed, name or index share nothing. */
export function randomStream(seed: number, name: StreamName, index = 0): Random {
  return new Random(seedState(seed, name, index));
}

/**
 * xoshiro128**, period 2¹²⁸ − 1.
 *
 * Source: Blackman & Vigna 2021, Scrambled Linear Pseudorandom Number Generators, ACM TOMS 47(4); prng.di.unimi.it/xoshiro128starstar.c,
 * version 1.1.
 */
export class Random {
  readonly #s = new Uint32Array(4);

  constructor(state: RandomState) {
    this.restore(state);
  }

  /** A whole number, 0 … 2³² − 1. */
  uint32(): number {
    const s = this.#s as Words;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Uniform in [0, 1): a multiple of 2⁻⁵³. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /**
   * Standard normal. The second number of each pair is thrown away, so that four words stay the whole state.
   *
   * Source: Marsaglia & Bray 1964, A Convenient Method for Generating Normal Variables, SIAM Review 6(3).
   */
  normal(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * naturalLog(s)) / s);
    }
  }

  /** Uniform over 0 … n − 1, without bias: numbers of the last, incomplete run of n are drawn again. `n`: 1 … 2³². */
  below(n: number): number {
    const limit = 0x100000000 - (0x100000000 % n);
    for (;;) {
      const value = this.uint32();
      if (value < limit) return value % n;
    }
  }

  /** Puts the array in random order, in place. Source: Durstenfeld 1964, Algorithm 235, CACM 7(7) (Fisher–Yates). */
  shuffle(array: Int32Array): void {
    for (let last = array.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const kept = array[last]!;
      array[last] = array[other]!;
      array[other] = kept;
    }
  }

  state(): RandomState {
    return [...this.#s] as unknown as RandomState;
  }

  /** The one state without a successor, all zero, is replaced by another. */
  restore(state: RandomState): void {
    this.#s.set(state);
    if (this.#s.every((word) => word === 0)) this.#s[0] = 1;
  }
}

type Words = Uint32Array & [number, number, number, number];

const GOLDEN = 0x9e3779b9; // ⌊2³² / φ⌋, made odd

/**
 * Four chains of SplitMix steps, one per word, absorb seed, name and index. Each chain is a bijection of the seed, so two seeds
 * never share a state.
 *
 * Source: Steele, Lea & Flood 2014, Fast Splittable Pseudorandom Number Generators (SplitMix), in 32 bits.
 */
function seedState(seed: number, name: string, index: number): RandomState {
  const chain = (start: number): number => {
    let word = mix(seed + start);
    for (let at = 0; at < name.length; at++) word = mix((word ^ name.charCodeAt(at)) + GOLDEN);
    return mix((word ^ index) + GOLDEN);
  };
  return [chain(GOLDEN), chain(Math.imul(GOLDEN, 2)), chain(Math.imul(GOLDEN, 3)), chain(Math.imul(GOLDEN, 4))];
}

/** The finalizer of MurmurHash3, a bijection of 32 bits that splitmix32 takes over. */
function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

const rotateLeft = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/**
 * ln s for s in (0, 1), to about 2 ulp.
 *
 *   s = m · 2^−e, m in [√½, √2)      ln s = 2·artanh(z) − e·ln 2,  z = (m − 1) / (m + 1),  artanh(z) = z + z³/3 + z⁵/5 + …
 */
function naturalLog(s: number): number {
  let m = s;
  let e = 0;
  for (; m < Math.SQRT1_2; e++) m *= 2;
  const z = (m - 1) / (m + 1);
  const square = z * z;
  let series = 0;
  for (let odd = 23; odd >= 1; odd -= 2) series = series * square + 1 / odd; // |z| < 0.172: the rest is below 2⁻⁵³
  return 2 * z * series - e * Math.LN2;
}
