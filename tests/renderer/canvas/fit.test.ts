import { describe, expect, it } from 'vitest';
import { fitted, MARGIN, OVERVIEW, type Viewport } from '../../../src-renderer/canvas/layout/fit.ts';
import type { Rect } from '../../../src-renderer/canvas/layout/sizes.ts';

const room = { width: 800, height: 600 };
const rect = (x: number, y: number, width: number, height: number): Rect => ({ x, y, width, height });
const seen = ({ x, y, width, height }: Rect, at: Viewport) => ({
  left: x * at.zoom + at.x,
  top: y * at.zoom + at.y,
  right: (x + width) * at.zoom + at.x,
  bottom: (y + height) * at.zoom + at.y
});

describe('all of a network on screen', () => {
  it('is not enlarged where it is small', () => {
    const card = rect(100, 50, 236, 64);
    const at = fitted([card], room, false)!;
    expect(at.zoom).toBe(1);
    const { left, right, top, bottom } = seen(card, at);
    expect(left - 52).toBeCloseTo(room.width - 28 - right, 6);
    expect(top).toBeCloseTo(room.height - bottom, 6);
  });

  it('is made as small as it must be, clear of the tools', () => {
    const cards = [rect(-200, -100, 236, 64), rect(3000, 500, 236, 64)];
    const at = fitted(cards, room, false)!;
    expect(seen(cards[0]!, at).left).toBeCloseTo(52, 6);
    expect(seen(cards[1]!, at).right).toBeCloseTo(room.width - 28, 6);
  });

  it('leaves the overview its corner only where a card would lie under it', () => {
    const corner = rect(1000, 1000, 236, 64);
    const cards = [rect(0, 0, 236, 64), corner];
    const top = room.height - MARGIN - OVERVIEW.height;
    expect(seen(corner, fitted(cards, room, false)!).bottom).toBeGreaterThan(top);
    expect(seen(corner, fitted(cards, room, true)!).bottom).toBeLessThanOrEqual(top);
    const high = [rect(0, 0, 236, 64), rect(0, 1000, 236, 64)];
    expect(fitted(high, room, true)).toEqual(fitted(high, room, false));
  });

  it('is nowhere without cards or a canvas', () => {
    expect(fitted([], room, false)).toBeNull();
    expect(fitted([rect(0, 0, 1, 1)], { width: 0, height: 0 }, false)).toBeNull();
  });
});
