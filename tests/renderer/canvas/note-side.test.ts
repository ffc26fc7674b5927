import { describe, expect, it } from 'vitest';
import { noteShift, noteSide } from '../../../src-renderer/canvas/layout/note-side.ts';

const card = { x: 400, y: 100, width: 236, height: 64 };
const seen = { x: 0, y: 0, width: 1200, height: 800 };
const beside = (x: number) => ({ ...card, x });

it('opens to the right where there is room', () => expect(noteSide(card, [], seen, 1)).toBe('right'));
it('opens to the left of a card beside it', () => expect(noteSide(card, [beside(700)], seen, 1)).toBe('left'));
it('stays on the right between two', () => expect(noteSide(card, [beside(700), beside(100)], seen, 1)).toBe('right'));
it('rather covers a card than lie outside', () => {
  expect(noteSide(card, [beside(100)], { ...seen, width: 700 }, 1)).toBe('left');
  expect(noteSide(beside(40), [beside(300)], seen, 1)).toBe('right');
});

describe('a note within the canvas', () => {
  const room = { width: 800, height: 600 };
  const note = { width: 236, height: 200 };
  const card = (x: number, y: number) => ({ x, y, width: 200, height: 60 });

  it('stands beside the upper edge of its card where there is room', () =>
    expect(noteShift(card(100, 100), 'right', note, room)).toEqual({ x: 0, y: 0 }));
  it('goes up where the canvas ends, as far as it must', () =>
    expect(noteShift(card(100, 500), 'right', note, room)).toEqual({ x: 0, y: 600 - 8 - 200 - 500 }));
  it('goes over its own card rather than out of sight', () => {
    expect(noteShift(card(500, 100), 'right', note, room).x).toBe(800 - 8 - 236 - (500 + 200 + 14));
    expect(noteShift(card(100, 100), 'left', note, room).x).toBe(8 - (100 - 14 - 236));
  });
  it('stays beside a card that leaves the canvas', () => {
    expect(noteShift(card(100, 700), 'right', note, room).y).toBe(24 - 200);
    expect(noteShift(card(100, -300), 'right', note, room).y).toBe(60 - 24);
    expect(noteShift(card(900, 100), 'right', note, room).x).toBe(0);
  });
});
