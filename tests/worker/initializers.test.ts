import { describe, expect, it } from 'vitest';
import type { ConfigOf, Fields } from '../../src-worker/contract/fields.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { initializers } from '../../src-worker/initializers/table.ts';

const configOf = (settings: object) => settings as ConfigOf<Fields>;
/** Those that draw nothing. */
const fixed = ['zeros', 'constant', 'identity'];

describe('initial weights', () => {
  it.each(Object.keys(initializers).filter((kind) => !fixed.includes(kind)))(
    '%s draws with mean 0 and its own deviation',
    (kind) => {
      const random = randomStream(3, 'init/test');
      const [fanIn, fanOut] = [250, 80];
      const values = new Float32Array(fanIn * fanOut);
      const draw = {
        ...{ shape: [fanIn, fanOut], fanIn, fanOut },
        normal: () => random.normal(),
        uniform: () => random.uniform()
      };
      initializers[kind]!.fill(values, draw, configOf({ std: 0.01, gain: 1 }));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      const family = kind.split('-')[0]!;
      const variance = {
        he: 2 / fanIn,
        xavier: 2 / (fanIn + fanOut),
        lecun: 1 / fanIn,
        orthogonal: 1 / fanIn,
        normal: 1e-4
      }[family]!;
      expect(Math.abs(mean) / std).toBeLessThan(0.03);
      expect(std / Math.sqrt(variance)).toBeCloseTo(1, 1);
    }
  );

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
