/** From one card to the next with the arrow keys: along the wires, and across between what stands side by side. */
import type { Wire } from '../../../src-worker/graph/edit/wires.ts';
import { TRAINING } from '../../state/build.svelte.ts';
import type { Places } from './arrange.ts';
import type { Drawing } from './drawing.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

export const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right'
};

/** null where nothing lies that way. */
export function neighbour(id: string, direction: Direction, { wires, ids }: Drawing, places: Places): string | null {
  if (direction === 'down')
    return nearest(
      id,
      wires.filter(([from]) => from === id).map(([, to]) => to),
      places
    );
  if (direction === 'up')
    return nearest(
      id,
      wires.filter(([, to]) => to === id).map(([from]) => from),
      places
    );
  const here = places.get(id);
  if (!here) return null;
  const sign = direction === 'left' ? -1 : 1;
  const others = ids.filter((other) => other !== id && sign * ((places.get(other)?.x ?? here.x) - here.x) > 1);
  // What is level counts as nearer than what is close but far up or down.
  const distance = (other: string) => {
    const at = places.get(other)!;
    return Math.abs(at.x - here.x) + 2 * Math.abs(at.y - here.y);
  };
  return others.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** A layer's wires: first those that leave it, then those that enter it. What leads to training is none of anybody's making. */
export const wiresAt = (id: string, { wires }: Drawing): Wire[] => [
  ...wires.filter(([from, to]) => from === id && to !== TRAINING),
  ...wires.filter(([, to]) => to === id && id !== TRAINING)
];

/** Of several the one most straight ahead. */
function nearest(id: string, others: string[], places: Places): string | null {
  const x = places.get(id)?.x ?? 0;
  const aside = (other: string) => Math.abs((places.get(other)?.x ?? 0) - x);
  return others.sort((a, b) => aside(a) - aside(b))[0] ?? null;
}
