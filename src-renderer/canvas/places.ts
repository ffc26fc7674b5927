/**
 * Where everything stands. A draft without places is arranged anew at every change; from the first time that something is moved by hand,
 * all places are kept, and what comes later makes room for itself.
 */
import type { NetworkSpec } from '../../src-worker/contract/experiment.ts';
import type { DraftDocument } from '../state/draft-history.svelte.ts';
import { arrange, type Places, type Sizes } from './arrange.ts';
import { drawingOf, flowOrder, type Drawing } from './drawing.ts';
import { BRANCH_GAP, GAP, NODE_WIDTH, overlaps, type Point, type Rect, type Size } from './sizes.ts';

type Layout = DraftDocument['layout'];

/** For a layer that is not drawn yet. */
const USUAL: Size = { width: NODE_WIDTH, height: 64 };

export const isArranged = (layout: Layout): boolean => Object.keys(layout).length === 0;

export function placesOf(drawing: Drawing, layout: Layout, sizes: Sizes): Places {
  if (isArranged(layout)) return arrange(drawing, sizes);
  const places = new Map<string, Point>();
  for (const id of drawing.ids) {
    const at = layout[id];
    if (at) places.set(id, { x: at[0], y: at[1] });
  }
  for (const id of flowOrder(drawing)) if (!places.has(id)) places.set(id, freePlace(id, drawing, places, sizes));
  return places;
}

/** Below what feeds it, or to the right of what stands there already. */
function freePlace(id: string, { wires }: Drawing, places: Places, sizes: Sizes): Point {
  const size = sizes.get(id) ?? USUAL;
  const before = wires.find(([from, to]) => to === id && places.has(from))?.[0];
  const after = wires.find(([from, to]) => from === id && places.has(to))?.[1];
  const beside = before
    ? { x: places.get(before)!.x, y: places.get(before)!.y + (sizes.get(before) ?? USUAL).height + GAP }
    : after
      ? { x: places.get(after)!.x, y: places.get(after)!.y - size.height - GAP }
      : { x: 0, y: 0 };
  const others = rectsOf(places, sizes);
  let { x } = beside;
  while (others.some((other) => overlaps({ ...beside, x, ...size }, other, BRANCH_GAP / 2)))
    x += size.width + BRANCH_GAP;
  return { ...beside, x };
}

export const rectsOf = (places: Places, sizes: Sizes): Rect[] =>
  [...places].map(([id, at]) => ({ ...at, ...(sizes.get(id) ?? USUAL) }));

/** All places as a draft keeps them. */
export const kept = (places: Places): Layout =>
  Object.fromEntries([...places].map(([id, { x, y }]) => [id, [Math.round(x), Math.round(y)] as const]));

/** The layout with `id` at `at`; what stood there or below it in the same column moves down as far as it must. */
export function withRoomAt(layout: Layout, id: string, at: Point, sizes: Sizes): Layout {
  const moved: Record<string, readonly [number, number]> = { ...layout, [id]: [Math.round(at.x), Math.round(at.y)] };
  const heightOf = (other: string) => (sizes.get(other) ?? USUAL).height;
  const column = Object.entries(layout)
    .filter(([other, [x, y]]) => other !== id && Math.abs(x - at.x) < NODE_WIDTH && y + heightOf(other) > at.y)
    .sort(([, a], [, b]) => a[1] - b[1]);
  let bottom = at.y + heightOf(id) + GAP;
  for (const [other, [x, y]] of column) {
    if (y >= bottom) break;
    moved[other] = [x, Math.round(bottom)];
    bottom += heightOf(other) + GAP;
  }
  return moved;
}

/** Places of layers that are gone are forgotten. */
export function onlyOf(layout: Layout, network: NetworkSpec): Layout {
  const known = new Set(drawingOf(network).ids);
  const left = Object.entries(layout).filter(([id]) => known.has(id));
  return left.length === Object.keys(layout).length ? layout : Object.fromEntries(left);
}
