import { describe, expect, it } from 'vitest';
import { Random, randomStream, type StreamName } from '../../../src-worker/data/random.ts';

/** The authors' C code of xoshiro128** 1.1, statement by statement, in 64-bit integers cut to 32 bits. */
function authorsXoshiro(state: readonly bigint[], count: number): number[] {
  const cut = (x: bigint) => x & 0xffffffffn;
  const rotl = (x: bigint, k: bigint) => cut((x << k) | (x >> (32n - k)));
  const s = [...state] as [bigint, bigint, bigint, bigint];
  return Array.from({ length: count }, () => {
    const result = cut(rotl(cut(s[1] * 5n), 7n) * 9n);
    const t = cut(s[1] << 9n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return Number(result);
  });
}

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

/** Σ (observed − expected)² / expected over equally likely cells. */
function chiSquare(cells: readonly number[]): number {
  const expected = cells.reduce((a, b) => a + b, 0) / cells.length;
  return cells.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0);
}

describe('the generator', () => {
  it('is xoshiro128** 1.1: from the state 1, 2, 3, 4 its first number is rotl(2·5, 7)·9 = 11520, its second 0', () => {
    expect(draw(new Random([1, 2, 3, 4]), 3)).toEqual([11520, 0, 5927040]);
  });

  it('agrees with the authors’ algorithm in wide integers over 10 000 numbers', () => {
    const state = [0x01234567, 0x89abcdef, 0xfedcba98, 0x76543210] as const;
    expect(draw(new Random(state), 10_000)).toEqual(authorsXoshiro(state.map(BigInt), 10_000));
  });

  it('never stays in the all-zero state', () => {
    expect(draw(new Random([0, 0, 0, 0]), 8).some((word) => word !== 0)).toBe(true);
  });

  it('goes on from a kept state, also after JSON', () => {
    const random = randomStream(7, 'shuffle');
    draw(random, 101);
    const kept = JSON.parse(JSON.stringify(random.state()));
    const rest = draw(random, 50);
    const resumed = randomStream(0, 'init');
    resumed.restore(kept);
    expect(draw(resumed, 50)).toEqual(rest);
  });
});

describe('a stream', () => {
  it('is the same for the same seed, name and index', () => {
    expect(draw(randomStream(42, 'init/h1.W', 3), 100)).toEqual(draw(randomStream(42, 'init/h1.W', 3), 100));
  });

  it('keeps its numbers from version to version', () => {
    expect(draw(randomStream(42, 'init'), 3)).toEqual([430569523, 2496760794, 2407396120]);
  });

  it('differs from every other seed, name and index', () => {
    const names: StreamName[] = [
      'init',
      'shuffle',
      'dropout',
      'augment',
      'split',
      'search',
      'generate',
      'init/a',
      'init/b'
    ];
    const starts = new Set<string>();
    for (const name of names)
      for (let seed = 0; seed < 100; seed++)
        for (let index = 0; index < 20; index++) starts.add(randomStream(seed, name, index).state().join());
    expect(starts.size).toBe(9 * 100 * 20);
  });

  it('does not correlate with its neighbours in seed, index or name', () => {
    const count = 20_000;
    const of = (seed: number, name: StreamName, index: number) => {
      const random = randomStream(seed, name, index);
      return Array.from({ length: count }, () => random.uniform() - 0.5);
    };
    const base = of(1, 'shuffle', 0);
    for (const other of [of(2, 'shuffle', 0), of(1, 'shuffle', 1), of(1, 'dropout', 0), of(1, 'shuffle/a', 0)]) {
      const correlation = (12 * base.reduce((sum, value, at) => sum + value * other[at]!, 0)) / count;
      expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(count));
    }
  });

  it('has unrelated first numbers for consecutive seeds', () => {
    const cells = new Array<number>(64).fill(0);
    for (let seed = 0; seed < 64_000; seed++) cells[randomStream(seed, 'init').below(64)]!++;
    expect(chiSquare(cells)).toBeLessThan(117); // χ²(63) exceeds 117.3 once in 40 000
  });
});

describe('uniform', () => {
  it('fills [0, 1) evenly and never reaches 1', () => {
    const random = randomStream(3, 'generate');
    const cells = new Array<number>(100).fill(0);
    for (let n = 0; n < 200_000; n++) cells[Math.floor(random.uniform() * 100)]!++;
    expect(chiSquare(cells)).toBeLessThan(163); // χ²(99), once in 20 000
  });

  it('is (a·2²⁶ + b) / 2⁵³ of two words, 1 − 2⁻⁵³ at most', () => {
    const words = authorsXoshiro([1n, 2n, 3n, 4n], 2) as [number, number];
    const expected = ((words[0] >>> 5) * 2 ** 26 + (words[1] >>> 6)) / 2 ** 53;
    expect(new Random([1, 2, 3, 4]).uniform()).toBe(expected);
  });
});

describe('normal', () => {
  const random = randomStream(11, 'init');
  const values = Float64Array.from({ length: 200_000 }, () => random.normal());
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;

  it('has mean 0, variance 1, no skew and kurtosis 3', () => {
    expect(moment(1)).toBeCloseTo(0, 2);
    expect(moment(2)).toBeCloseTo(1, 1.7);
    expect(Math.abs(moment(3))).toBeLessThan(0.04);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.12);
  });

  it('puts the right share within one, two and three σ', () => {
    const share = (sigmas: number) => values.filter((value) => Math.abs(value) < sigmas).length / values.length;
    expect(share(1)).toBeCloseTo(0.682689, 2);
    expect(share(2)).toBeCloseTo(0.9545, 2.3);
    expect(share(3)).toBeCloseTo(0.9973, 2.7);
  });

  it('agrees with the polar method on Math.log to the last digits', () => {
    const ours = randomStream(5, 'init');
    const theirs = randomStream(5, 'init');
    for (let n = 0; n < 5000; n++) {
      let u: number, s: number;
      do {
        u = 2 * theirs.uniform() - 1;
        const v = 2 * theirs.uniform() - 1;
        s = u * u + v * v;
      } while (s >= 1 || s === 0);
      const expected = u * Math.sqrt((-2 * Math.log(s)) / s);
      expect(Math.abs(ours.normal() - expected)).toBeLessThanOrEqual(1e-14 * Math.abs(expected));
    }
  });
});

describe('below', () => {
  it('is even over a range that does not divide 2³²', () => {
    const random = randomStream(9, 'shuffle');
    const cells = new Array<number>(7).fill(0);
    for (let n = 0; n < 70_000; n++) cells[random.below(7)]!++;
    expect(chiSquare(cells)).toBeLessThan(30); // χ²(6), once in 25 000
  });

  it('has no bias where x mod n would: of n = 3·2³⁰ the lower third is not twice as likely', () => {
    const random = randomStream(9, 'shuffle', 1);
    const n = 3 * 2 ** 30;
    let low = 0;
    for (let at = 0; at < 30_000; at++) if (random.below(n) < n / 3) low++;
    expect(Math.abs(low / 30_000 - 1 / 3)).toBeLessThan(0.012);
  });

  it('knows the ends: 1 gives 0, 2³² gives every word', () => {
    expect(randomStream(1, 'split').below(1)).toBe(0);
    expect(randomStream(1, 'split').below(2 ** 32)).toBe(randomStream(1, 'split').uint32());
  });
});

describe('shuffle', () => {
  it('keeps every element', () => {
    const array = Int32Array.from({ length: 1000 }, (_, at) => at);
    randomStream(1, 'shuffle').shuffle(array);
    expect(array.some((value, at) => value !== at)).toBe(true);
    expect([...array].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, at) => at));
  });

  it('gives each of the 24 orders of four things equally often', () => {
    const random = randomStream(2, 'shuffle');
    const orders = new Map<string, number>();
    for (let n = 0; n < 48_000; n++) {
      const array = Int32Array.of(0, 1, 2, 3);
      random.shuffle(array);
      orders.set(array.join(''), (orders.get(array.join('')) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expect(chiSquare([...orders.values()])).toBeLessThan(60); // χ²(23), once in 30 000
  });
});
