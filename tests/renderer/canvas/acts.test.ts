import { describe, expect, it } from 'vitest';
import { arrange } from '../../../src-renderer/canvas/layout/arrange.ts';
import * as acts from '../../../src-renderer/canvas/acts/acts.ts';
import { drawingOf } from '../../../src-renderer/canvas/layout/drawing.ts';
import { newLayer } from '../../../src-renderer/canvas/acts/new-layer.ts';
import { placesOf } from '../../../src-renderer/canvas/layout/places.ts';
import { GAP } from '../../../src-renderer/canvas/layout/sizes.ts';
import { TRAINING } from '../../../src-renderer/state/build.svelte.ts';
import type { DraftDocument } from '../../../src-renderer/state/draft-history.svelte.ts';
import { documentOf, networkOf, sizesOf } from './network.ts';

function stageOf({ experiment, layout }: DraftDocument): acts.Stage {
  const drawing = drawingOf(experiment.network);
  const sizes = sizesOf(drawing);
  return { places: placesOf(drawing, layout, sizes), sizes };
}
const done = (document: DraftDocument, act: (stage: acts.Stage) => (document: DraftDocument) => DraftDocument) =>
  act(stageOf(document))(document);
const edges = ({ experiment }: DraftDocument) => experiment.network.edges.map((edge) => edge.join('>'));

describe('loose layers dropped on a wire', () => {
  const document = documentOf(networkOf('input>a a>b c>d'));

  it('stand on it, with the wires between them', () => {
    const after = done(document, (stage) => acts.set(['c', 'd'], ['a', 'b'], stage));
    expect(edges(after).toSorted()).toEqual(['a>c', 'c>d', 'd>b', 'input>a']);
    expect(after.experiment.network.nodes.map(({ id }) => id)).toEqual(['input', 'a', 'c', 'd', 'b']);
  });

  it('keep the places of the others, which make room', () => {
    const layout = { input: [0, 0], a: [0, 100], b: [0, 200], c: [500, 0], d: [500, 100] } as const;
    const after = done({ ...document, layout }, (stage) => acts.set(['c', 'd'], ['a', 'b'], stage));
    expect(after.layout['input']).toEqual([0, 0]);
    expect(after.layout['c']![0]).toBe(0);
    expect(after.layout['d']![1]).toBeLessThan(after.layout['b']![1]);
  });

  it('have no wire to any other', () => {
    const { network } = document.experiment;
    expect(acts.isLoose(network, new Set(['c', 'd']))).toBe(true);
    expect(acts.isLoose(network, new Set(['c']))).toBe(false);
  });
});

describe('a layer from the palette', () => {
  const document = documentOf(networkOf('input>a a>b'));

  it('has its defaults written out', () =>
    expect(newLayer('dense', 'h')).toEqual({
      id: 'h',
      kind: 'dense',
      units: 16,
      init: { kind: 'he-normal' },
      bias: true
    }));

  it('goes behind what is chosen, else behind the end', () => {
    expect(acts.targetOf(document.experiment, 'a')).toEqual({ type: 'after', id: 'a' });
    expect(acts.targetOf(document.experiment, null)).toEqual({ type: 'after', id: 'b' });
    expect(acts.targetOf(document.experiment, TRAINING)).toEqual({ type: 'after', id: 'b' });
  });

  it('stands between what it was dropped between', () => {
    const after = done(document, (stage) =>
      acts.place(acts.comingLayer(document, 'relu'), { type: 'wire', wire: ['a', 'b'] }, stage)
    );
    expect(edges(after)).toEqual(['input>a', 'relu>b', 'a>relu']);
    expect(after.layout).toEqual({});
  });

  it('may be called as what every object has', () => {
    const named = documentOf(networkOf('input>constructor', { constructor: 'dense' }), { input: [0, 0] });
    expect(stageOf(named).places.get('constructor')).toEqual({ x: 0, y: 64 + GAP });
    const part = acts.single({ id: 'toString', kind: 'relu' });
    const after = done(named, (stage) => acts.place(part, { type: 'free', at: { x: 500, y: 40 } }, stage));
    expect(after.layout['toString']).toEqual([500, 40]);
  });

  it('ends the network where it was dropped on the way to training', () =>
    expect(
      edges(
        done(document, (stage) =>
          acts.place(acts.comingLayer(document, 'relu'), { type: 'wire', wire: ['b', TRAINING] }, stage)
        )
      )
    ).toEqual(['input>a', 'a>b', 'b>relu']));

  it('stays where it was dropped, and so does all the rest', () => {
    const after = done(document, (stage) =>
      acts.place(acts.comingLayer(document, 'relu'), { type: 'free', at: { x: 500, y: 40 } }, stage)
    );
    expect(edges(after)).toEqual(['input>a', 'a>b']);
    expect(after.layout['relu']).toEqual([500, 40]);
    expect(after.layout['b']).toEqual([0, 2 * (64 + GAP)]);
  });

  it('makes room where everything has its place', () => {
    const kept = done(document, (stage) => acts.move(new Map([['b', { x: 8, y: 2 * (64 + GAP) }]]), stage));
    const after = done(kept, (stage) =>
      acts.place(acts.comingLayer(document, 'relu'), { type: 'wire', wire: ['a', 'b'] }, stage)
    );
    expect(after.layout['relu']).toEqual([0, 2 * (64 + GAP)]);
    expect(after.layout['b']).toEqual([8, 3 * (64 + GAP)]);
    expect(after.layout[TRAINING]).toEqual([0, 4 * (64 + GAP)]);
    expect(after.layout['a']).toEqual(kept.layout['a']);
  });
});

describe('deleting', () => {
  it('closes the gap and forgets the place', () => {
    const document = documentOf(networkOf('input>a a>b b>c'), { input: [0, 0], a: [0, 100], b: [0, 200], c: [0, 300] });
    const after = acts.remove(['b'])(document);
    expect(edges(after)).toEqual(['input>a', 'a>c']);
    expect(after.layout).not.toHaveProperty('b');
  });
  it('leaves the input', () => {
    const document = documentOf(networkOf('input>a'));
    expect(acts.remove(['input'])(document)).toBe(document);
  });
});

describe('a wire', () => {
  it('takes the place of the one before at a layer with one input', () =>
    expect(edges(acts.join(['input', 'c'])(documentOf(networkOf('input>a a>b b>c'))))).toEqual([
      'input>a',
      'a>b',
      'input>c'
    ]));

  it('comes to those before at a layer that joins', () =>
    expect(edges(acts.join(['input', 'sum'])(documentOf(networkOf('input>a a>sum', { sum: 'add' }))))).toEqual([
      'input>a',
      'a>sum',
      'input>sum'
    ]));

  it('keeps its place among the inputs when its beginning moves', () =>
    expect(
      edges(
        acts.reroute(['a', 'sum'], ['input', 'sum'])(documentOf(networkOf('input>a a>b a>sum b>sum', { sum: 'add' })))
      )
    ).toEqual(['input>a', 'a>b', 'input>sum', 'b>sum']));

  it('frees its end when it moves to another layer', () =>
    expect(edges(acts.reroute(['a', 'b'], ['a', 'c'])(documentOf(networkOf('input>a a>b input>c'))))).toEqual([
      'input>a',
      'a>c'
    ]));
});

describe('places', () => {
  it('are forgotten when all is arranged', () => {
    const document = documentOf(networkOf('input>a'), { input: [5, 5], a: [5, 200] });
    expect(acts.arrangeAll(document).layout).toEqual({});
  });
  it('are found for what has none, below what feeds it and free of others', () => {
    const drawing = drawingOf(networkOf('input>a input>b'));
    const sizes = sizesOf(drawing);
    const places = placesOf(drawing, { input: [0, 0], a: [0, 104], [TRAINING]: [0, 600] }, sizes);
    expect(places.get('b')!.y).toBe(104);
    expect(places.get('b')!.x).toBeGreaterThanOrEqual(236);
  });
  it('come from the layout where nothing was moved', () => {
    const drawing = drawingOf(networkOf('input>a'));
    expect(placesOf(drawing, {}, sizesOf(drawing))).toEqual(arrange(drawing, sizesOf(drawing)));
  });
});
