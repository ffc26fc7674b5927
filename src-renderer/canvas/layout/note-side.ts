/** Where the note of a card stands: on the side where it covers the least, and within the canvas. */
import { overlaps, type Point, type Rect, type Size } from './sizes.ts';

/** Of a note, in the page's pixels. */
const WIDTH = 250;
const HEIGHT = 150;
/** From a card to its note, and from a note to the edge of the canvas. */
export const NOTE_GAP = 14;
const EDGE = 8;
/** As much of a note stays beside its card, also where that leaves the canvas. */
const BESIDE = 24;

export type Side = 'left' | 'right';

/** Covers the least of other cards, and of what lies outside. `seen` is the part of the canvas that is on screen; all but `zoom` in the canvas's own pixels. */
export function noteSide(card: Rect, others: readonly Rect[], seen: Rect, zoom: number): Side {
  const size = { width: WIDTH / zoom, height: HEIGHT / zoom };
  const covered = (x: number) => {
    const note = { x, y: card.y, ...size };
    const hidden = note.x < seen.x || note.x + note.width > seen.x + seen.width;
    return others.filter((other) => overlaps(note, other)).length + (hidden ? others.length + 1 : 0);
  };
  return covered(card.x - size.width) < covered(card.x + card.width) ? 'left' : 'right';
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
