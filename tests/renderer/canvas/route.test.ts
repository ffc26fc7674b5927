import { describe, expect, it } from 'vitest';
import { distanceTo, freeRoute, pathThrough, routesOf } from '../../../src-renderer/canvas/layout/route.ts';
import type { Point, Rect } from '../../../src-renderer/canvas/layout/sizes.ts';

const box = (x: number, y: number): Rect => ({ x, y, width: 100, height: 50 });

/** Whether a part of the way runs through a box, its edges left out. */
const crosses = (way: readonly Point[], { x, y, width, height }: Rect) =>
  way.slice(1).some((b, i) => {
    const a = way[i]!;
    return (
      Math.min(a.x, b.x) < x + width - 1 &&
      Math.max(a.x, b.x) > x + 1 &&
      Math.min(a.y, b.y) < y + height - 1 &&
      Math.max(a.y, b.y) > y + 1
    );
  });

describe('the way of a wire', () => {
  it('is straight down where nothing is aside', () => {
    const wire = { from: { x: 50, y: 50 }, to: { x: 50, y: 90 } };
    expect(routesOf([wire], [box(0, 0), box(0, 90)])).toEqual([[wire.from, wire.to]]);
  });

  it('turns above its end where that is aside', () => {
    const wire = { from: { x: 50, y: 50 }, to: { x: 250, y: 150 } };
    expect(routesOf([wire], [box(0, 0), box(200, 150)])[0]).toEqual([
      { x: 50, y: 50 },
      { x: 50, y: 130 },
      { x: 250, y: 130 },
      { x: 250, y: 150 }
    ]);
  });

  it('goes around what stands between', () => {
    const boxes = [box(0, 0), box(0, 90), box(0, 180)];
    const [way] = routesOf([{ from: { x: 50, y: 50 }, to: { x: 50, y: 180 } }], boxes);
    expect(way).toHaveLength(6);
    for (const other of boxes) expect(crosses(way!, other)).toBe(false);
  });

  it('goes up between two columns', () => {
    const boxes = [box(0, 0), box(0, 300), box(200, 0)];
    const [way] = routesOf([{ from: { x: 50, y: 350 }, to: { x: 250, y: 0 } }], boxes);
    for (const other of boxes) expect(crosses(way!, other)).toBe(false);
    expect(way!.at(-2)).toEqual({ x: 250, y: -20 });
  });

  it('keeps wires that go around the same apart', () => {
    const boxes = [box(0, 0), box(0, 90), box(0, 180), box(0, 270)];
    const [first, second] = routesOf(
      [
        { from: { x: 50, y: 50 }, to: { x: 30, y: 270 } },
        { from: { x: 50, y: 140 }, to: { x: 70, y: 270 } }
      ],
      boxes
    );
    expect(Math.abs(first![2]!.x - second![2]!.x)).toBeGreaterThanOrEqual(10);
  });

  it('keeps apart what crosses from different layers, and lets one layer’s wires lie on each other', () => {
    const boxes = [box(0, 0), box(0, 90), box(200, 0), box(200, 90)];
    const across = (way: readonly Point[]) => way.slice(1).filter((point, i) => point.y === way[i]!.y);
    const [long, short, branch] = routesOf(
      [
        { from: { x: 50, y: 140 }, to: { x: 230, y: 0 } },
        { from: { x: 150, y: 140 }, to: { x: 270, y: 0 } },
        { from: { x: 50, y: 140 }, to: { x: 250, y: 0 } }
      ],
      boxes
    );
    const [a, b, c] = [long!, short!, branch!].map((way) => across(way).map(({ y }) => y));
    expect(a!.filter((y) => b!.includes(y))).toEqual([]);
    expect(c![0]).toBe(a![0]);
  });

  it('knows no obstacle while an end is dragged', () =>
    expect(freeRoute({ from: { x: 0, y: 0 }, to: { x: 40, y: 100 } })).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 50 },
      { x: 40, y: 50 },
      { x: 40, y: 100 }
    ]));
});

it('is drawn with round corners', () =>
  expect(
    pathThrough([
      { x: 0, y: 0 },
      { x: 0, y: 20 },
      { x: 30, y: 20 }
    ])
  ).toBe('M0 0L0 14Q0 20 6 20L30 20'));

it('is as far from a point as its nearest part', () => {
  const way = [
    { x: 0, y: 0 },
    { x: 0, y: 20 },
    { x: 30, y: 20 }
  ];
  expect(distanceTo(way, { x: 5, y: 10 })).toBe(5);
  expect(distanceTo(way, { x: 33, y: 24 })).toBe(5);
});
