/** Where the note of a card stands: on the side where it covers the least, and within the canvas. */
import type { Point, Rect, Size } from './sizes.ts';

/** Of a note with the gap before it, in the page's pixels. */
export const NOTE_WIDTH = 250;
const HEIGHT = 150;
/** From a card to its note, and from a note to the edge of the canvas. */
export const NOTE_GAP = 14;
const EDGE = 8;
/** As much of a note stays beside its card, also where that leaves the canvas. */
const BESIDE = 24;

export type Side = 'left' | 'right';

/** Covers the least of other cards, and of its own. `seen` is the part of the canvas that is on screen; all but `zoom` in the canvas's own pixels. */
export function noteSide(card: Rect, others: readonly Rect[], seen: Rect, zoom: number): Side {
  const [width, height] = [NOTE_WIDTH / zoom, HEIGHT / zoom];
  const covered = (x: number) => {
    const seenAt = Math.max(seen.x, Math.min(x, seen.x + seen.width - width));
    const note = { x: seenAt, y: card.y, width, height };
    return others.reduce((sum, other) => sum + shared(note, other), 2 * shared(note, card));
  };
  return covered(card.x - width) < covered(card.x + card.width) ? 'left' : 'right';
}

function shared(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** How far a note is moved from beside the upper edge of its card so that it is seen as a whole; all in the page's pixels. */
export function noteShift(card: Rect, side: Side, note: Size, room: Size): Point {
  const left = side === 'left' ? card.x - NOTE_GAP - note.width : card.x + card.width + NOTE_GAP;
  const [x, y] = [within(left, note.width, room.width), within(card.y, note.height, room.height)];
  const isGone = card.x > room.width || card.x + card.width < 0;
  return {
    x: isGone ? 0 : x - left,
    y: Math.max(BESIDE - note.height, Math.min(card.height - BESIDE, y - card.y))
  };
}

const within = (at: number, length: number, room: number): number => Math.max(EDGE, Math.min(at, room - length - EDGE));
