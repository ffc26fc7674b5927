import { describe, expect, it } from 'vitest';
import { schemaOf, type ConfigOf, type Fields } from '../../src-worker/contract/fields.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { initializers } from '../../src-worker/initializers/table.ts';

const configOf = (settings: object) => settings as ConfigOf<Fields>;
const SIZE = { fanIn: 250, fanOut: 80 };
/** The variance that each rule is for. */
const variances: Readonly<Record<string, number>> = {
  'he-normal': 2 / SIZE.fanIn,
  'he-uniform': 2 / SIZE.fanIn,
  'xavier-normal': 2 / (SIZE.fanIn + SIZE.fanOut),
  'xavier-uniform': 2 / (SIZE.fanIn + SIZE.fanOut),
  'lecun-normal': 1 / SIZE.fanIn,
  'lecun-uniform': 1 / SIZE.fanIn,
  orthogonal: 1 / SIZE.fanIn,
  normal: 1e-4
};

/** With the settings that a rule has unless they are given, from a stream that is always the same. */
function filled(kind: string, shape: readonly number[], fans: { fanIn: number; fanOut: number }): Float32Array {
  const random = randomStream(3, 'init/test');
  const values = new Float32Array(shape.reduce((a, b) => a * b)).fill(NaN);
  const draw = { shape, ...fans, normal: () => random.normal(), uniform: () => random.uniform() };
  const { config, fill } = initializers[kind]!;
  fill(values, draw, configOf(schemaOf(kind, config).parse({ kind })));
  return values;
}

describe('initial weights', () => {
  it.each(Object.entries(variances))('%s draws with mean 0 and its own deviation', (kind, variance) => {
    const values = filled(kind, [SIZE.fanIn, SIZE.fanOut], SIZE);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean) / std).toBeLessThan(0.03);
    expect(std / Math.sqrt(variance)).toBeCloseTo(1, 1);
  });

  it.each(Object.keys(initializers))('%s gives every weight of any shape a number, always the same', (kind) => {
    for (const [shape, fans] of [
      [[6, 4], { fanIn: 6, fanOut: 4 }],
      [[3, 5, 2, 7], { fanIn: 30, fanOut: 105 }],
      [[1, 1], { fanIn: 1, fanOut: 1 }]
    ] as const) {
      const values = filled(kind, shape, fans);
      expect([...values].filter((value) => !Number.isFinite(value))).toEqual([]);
      expect(filled(kind, shape, fans)).toEqual(values);
    }
  });

  it('identity lets every value pass, times the gain, through matrices that are square or not', () => {
    const draw = { fanIn: 1, fanOut: 1, normal: () => NaN, uniform: () => NaN };
    const values = (shape: readonly number[]) => {
      const filled = new Float32Array(shape.reduce((a, b) => a * b)).fill(7);
      initializers['identity']!.fill(filled, { ...draw, shape }, configOf({ gain: 1.5 }));
      return [...filled];
    };
    expect(values([2, 2])).toEqual([1.5, 0, 0, 1.5]);
    expect(values([2, 3])).toEqual([1.5, 0, 0, 0, 1.5, 0]);
    // The middle of a 3×3 window; one channel in, two out.
    expect(values([3, 3, 1, 2]).flatMap((value, i) => (value === 0 ? [] : [[i, value]]))).toEqual([[8, 1.5]]);
  });
});
