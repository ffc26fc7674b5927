/** Where wires meet cards. */
import type { Wire } from '../../../src-worker/graph/edit/wires.ts';
import { TRAINING } from '../../state/build.svelte.ts';
import type { Card } from '../cards/cards.ts';
import type { Places } from './arrange.ts';
import type { Drawing } from './drawing.ts';
import type { Point, Size } from './sizes.ts';

/** All of a card that matters for where things stand. */
export interface Outline extends Size {
  /** Places on the upper edge where wires come in. */
  readonly ports: number;
}

export type Outlines = ReadonlyMap<string, Outline>;

export interface Port {
  readonly wire: Wire;
  /** Which of the inputs. */
  readonly index: number;
  readonly from: Point;
  readonly to: Point;
}

export const portCount = (card: Card): number => (card.type === 'layer' ? card.ports : 1);

export const outlineOf = (card: Card): Outline => ({ ...card.size, ports: portCount(card) });

export const areSameOutlines = (a: Outlines, b: Outlines): boolean =>
  a.size === b.size &&
  [...b].every(([id, { width, height, ports }]) => {
    const other = a.get(id);
    return other?.width === width && other.height === height && other.ports === ports;
  });

/** From the left, 0…1: where on a card's upper edge its inputs are. */
export const portShare = (index: number, count: number): number => (index + 1) / (count + 1);

/** Both ends of every wire, in the order of the wires. */
export function portsOf({ wires }: Drawing, outlines: Outlines, places: Places): Port[] {
  const seen = new Map<string, number>();
  return wires.flatMap((wire): Port[] => {
    const [source, target] = [outlines.get(wire[0]), outlines.get(wire[1])];
    const [start, end] = [places.get(wire[0]), places.get(wire[1])];
    if (!source || !target || !start || !end) return [];
    const count = target.ports;
    const index = wire[1] === TRAINING ? 0 : Math.min(seen.get(wire[1]) ?? 0, count - 1);
    seen.set(wire[1], index + 1);
    return [
      {
        wire,
        index,
        from: { x: start.x + source.width / 2, y: start.y + source.height },
        to: { x: end.x + target.width * portShare(index, count), y: end.y }
      }
    ];
  });
}
