/** The scale of every initializer against PyTorch's rules. */
import { describe, expect, it } from 'vitest';
import type { ConfigOf, Fields } from '../../src-worker/contract/fields.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { initializers } from '../../src-worker/initializers/table.ts';
import { compare, goldenCases } from './read.ts';

const kindOf = (rule: string) => ({
  kind: rule.replace(/_0\.01$/, '').replace('_', '-'),
  config: { std: 0.01 } as ConfigOf<Fields>
});
const cases = goldenCases('initializers', 'initializer').filter(
  ({ params }) => kindOf(params['rule'] as string).kind in initializers
);

describe('initial weights', () => {
  it('exist for every rule that is offered', () => {
    expect(new Set(cases.map(({ params }) => kindOf(params['rule'] as string).kind))).toEqual(
      new Set(Object.keys(initializers).filter((kind) => kind !== 'zeros'))
    );
  });

  it.each(cases.map((one) => ({ name: one.name, one })))(
    '$name has the right scale',
    ({ one: { params, expected } }) => {
      const { kind, config } = kindOf(params['rule'] as string);
      const fans = { fanIn: params['fan_in'] as number, fanOut: params['fan_out'] as number };
      // A draw that always gives one standard deviation, or the lower bound of the range.
      const values = new Float64Array(1);
      initializers[kind]!.fill(
        values as unknown as Float32Array,
        { ...fans, normal: () => 1, uniform: () => 0 },
        config
      );
      const [name, tensor] = Object.entries(expected)[0]!;
      expect(compare([name === 'bound' ? -values[0]! : values[0]!], tensor).passed).toBe(true);
    }
  );

  it.each(Object.keys(initializers).filter((kind) => kind !== 'zeros'))(
    '%s draws with mean 0 and its own deviation',
    (kind) => {
      const random = randomStream(3, 'init/test');
      const values = new Float32Array(20_000);
      const draw = { fanIn: 50, fanOut: 30, normal: () => random.normal(), uniform: () => random.uniform() };
      initializers[kind]!.fill(values, draw, { std: 0.01 } as ConfigOf<Fields>);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      const wanted = kind === 'normal' ? 0.01 : kind.startsWith('he') ? Math.sqrt(2 / 50) : Math.sqrt(2 / 80);
      expect(Math.abs(mean) / wanted).toBeLessThan(0.03);
      expect(std / wanted).toBeCloseTo(1, 1);
    }
  );
});
