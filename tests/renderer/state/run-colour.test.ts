import { expect, it } from 'vitest';
import { lookOf } from '../../../src-renderer/state/run-colour.ts';

const signOf = (id: number) => JSON.stringify(lookOf(id));

it('35 runs in a row all look different', () => {
  expect(new Set(Array.from({ length: 35 }, (_, index) => signOf(index + 8))).size).toBe(35);
});

it('neighbours differ in colour, marker and dash', () => {
  for (let id = 1; id < 40; id++) {
    const [a, b] = [lookOf(id), lookOf(id + 1)];
    expect([a.colour === b.colour, a.marker === b.marker, a.dash === b.dash]).toEqual([false, false, false]);
  }
});
