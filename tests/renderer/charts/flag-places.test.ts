import { describe, expect, it } from 'vitest';
import type { Flag } from '../../../src-renderer/charts/curve.ts';
import { flagPlaces } from '../../../src-renderer/charts/flag-places.ts';

const flag = (x: number, label: string): Flag => ({ x, label, text: `${label}.`, icon: 'note', isLeft: false });
const double = (x: number) => x * 2;

describe('the flags of a chart', () => {
  it('stand where they belong, in order, each with its label where that has room', () => {
    const places = flagPlaces([flag(200, 'late'), flag(10, 'early')], double, 600);
    expect(places.map(({ at, label }) => [at, label])).toEqual([
      [20, 'early'],
      [400, 'late']
    ]);
  });
  it('share a place where they would touch, without a label', () => {
    const places = flagPlaces([flag(10, 'a'), flag(15, 'b'), flag(40, 'c')], double, 600);
    expect(places.map(({ at, flags }) => [at, flags.map(({ label }) => label)])).toEqual([
      [20, ['a', 'b']],
      [80, ['c']]
    ]);
    expect(places[0]!.label).toBe('');
  });
  it('have no label where the next one, or the edge, is too near', () => {
    const long = 'a long word on what was seen';
    const places = flagPlaces([flag(10, long), flag(40, 'b'), flag(290, long)], double, 600);
    expect(places.map(({ label }) => label)).toEqual(['', 'b', '']);
  });
  it('are not there outside of what is enlarged', () => {
    expect(flagPlaces([flag(-5, 'a'), flag(301, 'b')], double, 600)).toEqual([]);
  });
});
