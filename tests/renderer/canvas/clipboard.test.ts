import { describe, expect, it } from 'vitest';
import { comingInto, place, taken } from '../../../src-renderer/canvas/acts/acts.ts';
import { aligned } from '../../../src-renderer/canvas/layout/align.ts';
import { clipText, readClip } from '../../../src-renderer/canvas/acts/clipboard.ts';
import { drawingOf } from '../../../src-renderer/canvas/layout/drawing.ts';
import { placesOf } from '../../../src-renderer/canvas/layout/places.ts';
import { documentOf, networkOf, sizesOf } from './network.ts';

const network = networkOf('input>a a>b b>c', { b: 'relu' });
const document = documentOf(network);
const drawing = drawingOf(network);
const stage = { places: placesOf(drawing, {}, sizesOf(drawing)), sizes: sizesOf(drawing) };

describe('layers on the clipboard', () => {
  it('come back as they were, with the wires between them and where they stand to each other', () => {
    const part = taken(document, ['a', 'b'], stage);
    expect(part.layout).toEqual({ a: [0, 0], b: [0, 104] });
    expect(readClip(clipText(part))).toEqual(part);
  });

  it('are also read from a network or an experiment, without its input', () => {
    const wanted = ['a', 'b', 'c'];
    expect(readClip(JSON.stringify(network))!.nodes.map(({ id }) => id)).toEqual(wanted);
    expect(readClip(JSON.stringify({ version: 1, network }))!.edges).toEqual([
      ['a', 'b'],
      ['b', 'c']
    ]);
  });

  it.each([
    ['other text', 'hello'],
    ['other JSON', '{"nodes":3}'],
    ['no layer', JSON.stringify(networkOf('input'))],
    ['two of one id', '{"nodes":[{"id":"a","kind":"relu"},{"id":"a","kind":"relu"}],"edges":[]}'],
    ['nothing but a circle', JSON.stringify(networkOf('a>b b>a'))]
  ])('are not read from %s', (_, text) => expect(readClip(text)).toBeNull());

  it('get ids of their own where they are put', () => {
    const coming = comingInto(document, taken(document, ['a', 'b'], stage));
    expect(coming.nodes.map(({ id }) => id)).toEqual(['a-2', 'b-2']);
    const after = place(coming, { type: 'after', id: 'b' }, stage)(document);
    expect(after.experiment.network.edges).toEqual([
      ['input', 'a'],
      ['a', 'b'],
      ['b-2', 'c'],
      ['b', 'a-2'],
      ['a-2', 'b-2']
    ]);
  });
});

describe('aligning', () => {
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 30, y: 90 }],
    ['c', { x: 10, y: 400 }]
  ]);
  const sizes = new Map(['a', 'b', 'c'].map((id) => [id, { width: 100, height: 50 }]));
  it('to the left moves what is not there', () =>
    expect([...aligned(['b', 'c'], 'left', places, sizes)]).toEqual([['b', { x: 10, y: 90 }]]));
  it('to the middle', () =>
    expect(Object.fromEntries(aligned(['a', 'b'], 'centre', places, sizes))).toEqual({
      a: { x: 15, y: 0 },
      b: { x: 15, y: 90 }
    }));
  it('leaves the same room between all', () =>
    expect([...aligned(['a', 'b', 'c'], 'distribute', places, sizes)]).toEqual([['b', { x: 30, y: 200 }]]));
});
