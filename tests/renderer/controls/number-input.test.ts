import { describe, expect, it } from 'vitest';
import { readNumber, stepNumber } from '../../../src-renderer/controls/number-input.ts';

describe('typing a number', () => {
  it.each([
    ['1e-3', 0.001],
    [' 0,001 ', 0.001],
    ['60 000', 60000],
    ['−2', -2]
  ])('understands %j', (text, value) => expect(readNumber(text)).toBe(value));

  it.each(['abc', '', '1..2', 'Infinity'])('hands on what is no number as it was typed: %j', (text) =>
    expect(readNumber(text)).toBe(text)
  );
});

describe('the arrow keys', () => {
  it('move along 1, 3, 10 on a log scale', () => {
    expect([0.001, 0.003, 0.01].map((value) => stepNumber(value, 1, 'log', false))).toEqual([0.003, 0.01, 0.03]);
    expect([0.003, 0.001, 0.002].map((value) => stepNumber(value, -1, 'log', false))).toEqual([0.001, 0.0003, 0.001]);
  });
  it('double and halve whole numbers on a log scale', () => {
    expect(stepNumber(128, 1, 'log', true)).toBe(256);
    expect(stepNumber(1, -1, 'log', true)).toBe(1);
  });
  it('count by one on a linear scale', () => expect(stepNumber(10, -1, 'linear', true)).toBe(9));
});
