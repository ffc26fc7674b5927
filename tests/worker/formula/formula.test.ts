import { describe, expect, it } from 'vitest';
import { evaluateUniform, foldFormula } from '../../../src-worker/formula/fold.ts';
import { parseFormula } from '../../../src-worker/formula/parse.ts';

const value = (expression: string, numbers: Record<string, number> = {}) =>
  evaluateUniform(parseFormula(`y = ${expression}`).statements[0]!.value, numbers);

describe('a formula', () => {
  it('binds powers before signs, products before sums, and equals from the left', () => {
    expect(value('2 + 3 * 4 - 5 - 6')).toBe(3);
    expect(value('-2^2')).toBe(-4);
    expect(value('2^3^2')).toBe(512);
    expect(value('24 / 4 / 2')).toBe(3);
    expect(value('(1 + 2) * -3')).toBe(-9);
    expect(value('1.5e-3 * 2')).toBe(0.003);
  });

  it('knows its functions', () => {
    expect(value('max(2, 3) - min(2, 3)')).toBe(1);
    expect(value('select(x, 10, 20)', { x: 0 })).toBe(20);
    expect(value('step(x) + sign(x) + abs(x)', { x: -2 })).toBe(1);
    expect(value('log(exp(2)) + sqrt(9) + tanh(0)')).toBeCloseTo(5, 12);
  });

  it('tells what it reads before it assigns it', () => {
    const { inputs, targets } = parseFormula('m = b * m + g\n n = m * m\n w = w - n');
    expect(inputs).toEqual(['b', 'm', 'g', 'w']);
    expect(targets).toEqual(['m', 'n', 'w']);
  });

  it.each(['y 2', 'y = ', 'y = 2 +', 'y = foo(2)', 'y = max(1)', 'y = (1', 'y = 1 2', 'y = $'])(
    'refuses “%s”',
    (text) => {
      expect(() => parseFormula(text)).toThrow(/Formula/);
    }
  );
});

describe('folding', () => {
  it('computes everything without tensors once, in float64, and each part only once', () => {
    const { uniforms, statements } = foldFormula(
      parseFormula('m = b * m + (1 - b) * g\n w = w - (a / (1 - b^t)) * m'),
      (name) => ['m', 'g', 'w'].includes(name)
    );
    expect(uniforms).toHaveLength(3);
    const values = uniforms.map((uniform) => evaluateUniform(uniform, { a: 0.5, b: 0.9, t: 3 }));
    expect(values).toEqual([0.9, 1 - 0.9, 0.5 / (1 - 0.9 ** 3)]);
    expect(statements.map(({ target }) => target)).toEqual(['m', 'w']);
  });

  it('turns squares of tensors into products', () => {
    const { statements } = foldFormula(parseFormula('y = x^2'), (name) => name === 'x');
    expect(statements[0]!.value).toMatchObject({
      type: 'binary',
      operator: '*',
      left: { name: 'x' },
      right: { name: 'x' }
    });
  });
});
