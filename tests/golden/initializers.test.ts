/** The scale of every initializer against PyTorch's rules. */
import { describe, expect, it } from 'vitest';
import type { ConfigOf, Fields } from '../../src-worker/contract/fields.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { initializers } from '../../src-worker/initializers/table.ts';
import { compare, goldenCases, type GoldenCase } from './read.ts';

const kindOf = ({ kind, params }: GoldenCase) =>
  ((params['rule'] as string | undefined) ?? kind).replace(/_0\.01$/, '').replace('_', '-');
const configOf = (settings: object) => settings as ConfigOf<Fields>;
const cases = goldenCases('initializers', 'initializer').map((one) => ({ name: one.name, one }));
const orthogonalCases = goldenCases('initializers', 'orthogonal').map((one) => ({ name: one.name, one }));
/** Those that draw nothing. */
const fixed = ['zeros', 'constant', 'identity'];

describe('initial weights', () => {
  it('exist for every rule that is offered', () => {
    const covered = new Set([...cases, ...orthogonalCases].map(({ one }) => kindOf(one)));
    expect([...covered, ...fixed].sort()).toEqual(Object.keys(initializers).sort());
  });

  it.each(cases)('$name has the right scale', ({ one }) => {
    const fans = { fanIn: one.params['fan_in'] as number, fanOut: one.params['fan_out'] as number };
    // A draw that always gives one standard deviation, or the lower bound of the range.
    const values = new Float64Array(1);
    const draw = { ...fans, shape: [1], normal: () => 1, uniform: () => 0 };
    initializers[kindOf(one)]!.fill(values as unknown as Float32Array, draw, configOf({ std: 0.01 }));
    const [[name, expected]] = Object.entries(one.expected) as [[string, GoldenCase['expected'][string]]];
    expect(compare([name === 'bound' ? -values[0]! : values[0]!], expected).passed).toBe(true);
  });

  it.each(orthogonalCases)('$name has orthogonal columns or rows', ({ one: { params, expected } }) => {
    const [rows, columns] = params['shape'] as [number, number];
    const random = randomStream(5, 'init/test');
    const draw = {
      ...{ shape: [rows, columns], fanIn: rows, fanOut: columns },
      normal: () => random.normal(),
      uniform: () => random.uniform()
    };
    const values = new Float64Array(rows * columns);
    initializers['orthogonal']!.fill(values as unknown as Float32Array, draw, configOf({ gain: params['gain'] }));
    const vectors = Array.from({ length: Math.min(rows, columns) }, (_, i) =>
      Array.from(
        { length: Math.max(rows, columns) },
        (_value, j) => values[rows >= columns ? j * columns + i : i * columns + j]!
      )
    );
    const product = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const diagonal = (expected['gram_diagonal']!.data as Float64Array)[0]!;
    vectors.forEach((a, i) => vectors.forEach((b, j) => expect(product(a, b)).toBeCloseTo(i === j ? diagonal : 0, 10)));
  });

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
