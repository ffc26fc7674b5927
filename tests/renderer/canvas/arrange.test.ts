import { describe, expect, it } from 'vitest';
import { arrange } from '../../../src-renderer/canvas/layout/arrange.ts';
import { drawingOf, endsOf, flowOrder, partsOf } from '../../../src-renderer/canvas/layout/drawing.ts';
import { rectsOf } from '../../../src-renderer/canvas/layout/places.ts';
import { COLUMN_GAP, GAP, NODE_WIDTH, overlaps } from '../../../src-renderer/canvas/layout/sizes.ts';
import { TRAINING } from '../../../src-renderer/state/build.svelte.ts';
import { chain, drawn, networkOf, sizesOf } from './network.ts';

const RESIDUAL = 'input>c1 c1>p p>c2 c2>c3 c3>sum p>sum sum>out';
const TWO_HEADS = 'input>h h>a h>b';

function arranged(drawing: ReturnType<typeof drawn>) {
  const sizes = sizesOf(drawing);
  return { places: arrange(drawing, sizes), sizes };
}
const overlapping = ({ places, sizes }: ReturnType<typeof arranged>) => {
  const rects = rectsOf(places, sizes);
  return rects.flatMap((a, i) => rects.slice(i + 1).filter((b) => overlaps(a, b)));
};

describe('the drawing of a network', () => {
  it('ends in the training card', () =>
    expect(drawn('input>a a>b').wires).toEqual([
      ['input', 'a'],
      ['a', 'b'],
      ['b', TRAINING]
    ]));
  it('has an end for every output, not for a layer that no data reaches', () =>
    expect(endsOf(networkOf('input>h h>a h>b loose>other'))).toEqual(['a', 'b']));
  it('is ordered along the flow, a circle at the end', () =>
    expect(
      flowOrder({
        ids: ['b', 'a', 'x', 'y'],
        wires: [
          ['a', 'b'],
          ['x', 'y'],
          ['y', 'x']
        ]
      })
    ).toEqual(['a', 'b', 'x', 'y']));
  it('falls into the parts that no wire joins', () =>
    expect(partsOf(drawn('input>a loose')).map(({ ids }) => ids)).toEqual([['input', 'a', TRAINING], ['loose']]));
});

describe('the layout', () => {
  it('stacks a chain', () => {
    const { places } = arranged(drawn('input>a a>b'));
    expect([...places.values()]).toEqual([0, 1, 2, 3].map((i) => ({ x: 0, y: i * (64 + GAP) })));
  });

  it('begins a column where one is full', () => {
    const { places } = arranged(drawingOf(chain(10)));
    expect(places.get('n6')).toEqual({ x: NODE_WIDTH + COLUMN_GAP, y: 0 });
    expect(places.get('n5')!.y).toBe(5 * (64 + GAP));
  });

  describe('of a large network that is edited', () => {
    const { nodes } = chain(60);
    const ids = nodes.map(({ id }) => id);
    const drawingFrom = (of: readonly string[]) =>
      drawn(
        of
          .slice(1)
          .map((id, i) => `${of[i]!}>${id}`)
          .join(' ')
      );
    const { places: before } = arranged(drawingFrom(ids));
    /** What the edit moved, of what stays. */
    const movedBy = (edited: readonly string[]) => {
      const drawing = drawingFrom(edited);
      const after = arrange(drawing, sizesOf(drawing), before);
      return drawing.ids.filter((id) => {
        const [was, is] = [before.get(id), after.get(id)!];
        return was && (was.x !== is.x || was.y !== is.y);
      });
    };
    const column = (id: string) => ids.filter((other) => before.get(other)!.x === before.get(id)!.x);

    it('only the column moves in which a layer comes in', () => {
      const at = ids.indexOf('n20');
      const below = column('n20').filter((id) => ids.indexOf(id) > at);
      expect(below.length).toBeGreaterThan(0);
      expect(movedBy(ids.toSpliced(at + 1, 0, 'new'))).toEqual(below);
    });
    it('only the column moves whose first layer goes', () => {
      const [first, ...others] = column('n20');
      expect(movedBy(ids.filter((id) => id !== first))).toEqual(others);
    });
    it('a column does not grow without end', () => {
      const at = ids.indexOf('n20');
      const drawing = drawingFrom(ids.toSpliced(at + 1, 0, ...Array.from({ length: 30 }, (_, i) => `new${i}`)));
      const bottom = (places: typeof before) => Math.max(...[...places.values()].map(({ y }) => y));
      const [fresh, kept] = [undefined, before].map((places) => arrange(drawing, sizesOf(drawing), places));
      expect(bottom(kept!)).toBeLessThan(1.5 * bottom(fresh!));
    });
    it('what is arranged anew is as before', () => expect(movedBy(ids)).toEqual([]));
  });

  it('begins no column for the training card alone', () => {
    // Six cards of 64 fill a column; the seventh is the last.
    const { places } = arranged(drawingOf(chain(5)));
    expect(places.size).toBe(7);
    expect(new Set([...places.values()].map(({ x }) => x)).size).toBe(1);
  });

  it('leaves no column with the input alone before a block that is high', () => {
    const { places } = arranged(drawn('input>s s>a a>b b>c c>d d>sum s>sum sum>out'));
    expect(places.get('s')!.x).toBe(places.get('input')!.x);
  });

  it('keeps what a shortcut spans straight and in one column', () => {
    const { places } = arranged(drawn(RESIDUAL));
    const block = ['p', 'c2', 'c3', 'sum'].map((id) => places.get(id)!);
    expect(new Set(block.map(({ x }) => x)).size).toBe(1);
    expect(block.map(({ y }) => y)).toEqual([...block.map(({ y }) => y)].sort((a, b) => a - b));
  });

  it('sets branches side by side', () => {
    const { places } = arranged(drawn(TWO_HEADS));
    expect(places.get('a')!.y).toBe(places.get('b')!.y);
    expect(Math.abs(places.get('a')!.x - places.get('b')!.x)).toBeGreaterThanOrEqual(NODE_WIDTH);
    expect(places.get('h')!.y).toBeLessThan(places.get('a')!.y);
  });

  it.each([
    'input>s s>c s>b s>a a>cat b>cat c>cat cat>out',
    'input>s s>p p>bp s>r5 r5>b5 s>r3 r3>b3 s>b1 b1>cat b3>cat b5>cat bp>cat',
    'input>s s>c s>b b>b2 b2>b3 s>a a>cat b3>cat c>cat',
    'input>s s>y s>x x>x2 x>x1 x1>xa x2>xa y>y1 y>y2 y1>ya y2>ya xa>cat ya>cat',
    'input>h h>b h>a'
  ])('has what comes into a layer first on the left: %s', (wires) => {
    const drawing = drawn(wires);
    const { places } = arranged(drawing);
    for (const inputs of Map.groupBy(drawing.wires, ([, to]) => to).values()) {
      const at = inputs.map(([from]) => places.get(from)!.x);
      expect(at).toEqual([...at].sort((a, b) => a - b));
    }
  });

  it.each([RESIDUAL, TWO_HEADS, 'input>a a>b a>c b>d c>d a>d d>e e>a', 'input loose other>loose'])(
    'lets nothing overlap: %s',
    (wires) => expect(overlapping(arranged(drawn(wires)))).toEqual([])
  );

  it('is wide rather than high where there are many layers', () => {
    const { places } = arranged(drawingOf(chain(200)));
    const [xs, ys] = [[...places.values()].map(({ x }) => x), [...places.values()].map(({ y }) => y)];
    const ratio = (Math.max(...xs) + NODE_WIDTH) / Math.max(...ys);
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(2);
  });
});
