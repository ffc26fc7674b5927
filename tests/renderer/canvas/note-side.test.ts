import { expect, it } from 'vitest';
import { noteSide } from '../../../src-renderer/canvas/layout/note-side.ts';

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
