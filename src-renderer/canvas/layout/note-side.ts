/** On which side of a card its note covers the least: of other cards, and of what lies outside the canvas. */
import { overlaps, type Rect } from './sizes.ts';

/** Of a note, in the page's pixels. */
const WIDTH = 250;
const HEIGHT = 150;

export type Side = 'left' | 'right';

/** `seen` is the part of the canvas that is on screen; all but `zoom` in the canvas's own pixels. */
export function noteSide(card: Rect, others: readonly Rect[], seen: Rect, zoom: number): Side {
  const size = { width: WIDTH / zoom, height: HEIGHT / zoom };
  const covered = (x: number) => {
    const note = { x, y: card.y, ...size };
    const hidden = note.x < seen.x || note.x + note.width > seen.x + seen.width;
    return others.filter((other) => overlaps(note, other)).length + (hidden ? others.length + 1 : 0);
  };
  return covered(card.x - size.width) < covered(card.x + card.width) ? 'left' : 'right';
}
