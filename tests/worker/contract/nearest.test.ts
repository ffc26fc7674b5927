import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../src-worker/contract/nearest.ts';

describe('the nearest word', () => {
  it.each([
    ['spirl', 'spiral'],
    ['SPIRAL', 'spiral'],
    ['fashion', 'fashion-5-layer'],
    ['transformer', null],
    ['x', 'xor'],
    ['xor-problem', 'xor'],
    ['', null]
  ])('to “%s” is %s', (word, expected) => {
    expect(nearest(word, ['fashion-5-layer', 'spiral', 'xor'])).toBe(expected);
  });

  it('is one in which letters changed places before one in which two are others', () => {
    expect(nearest('mea', ['mse', 'mae'])).toBe('mae');
  });

  it('shares a letter with the given one', () => expect(nearest('z', ['x', 'y'])).toBeNull());

  it('is not looked for where a name is as long as a book', () => {
    expect(nearest('a'.repeat(1e7), ['adam'])).toBeNull();
  });
});

describe('the distance of two words', () => {
  it.each([
    ['adam', 'adam', 0],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['ab', 'ba', 1],
    ['ca', 'abc', 3] // with a letter between the two that changed places it would be 2
  ])('of “%s” and “%s” is %i', (a, b, expected) => {
    expect([editDistance(a, b), editDistance(b, a)]).toEqual([expected, expected]);
  });
});

describe('the question after it', () => {
  it('stands before what follows, or is not there', () => {
    expect(`${didYouMean('sgdd', ['adam', 'sgd'])}Use adam, sgd.`).toBe('Did you mean “sgd”? Use adam, sgd.');
    expect(didYouMean('lamb', ['sgd', 'rmsprop'])).toBe('');
    expect(didYouMean(3, ['sgd'])).toBe('');
  });
});
