/**
 * Where everything stands. A draft without places is arranged anew at every change; from the first time that something is moved by hand,
 * all places are kept, and what comes later makes room for itself.
 */
import type { NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import type { DraftDocument } from '../../state/draft-history.svelte.ts';
import { arrange, type Places, type Sizes } from './arrange.ts';
import { drawingOf, flowOrder, type Drawing } from './drawing.ts';
import { BRANCH_GAP, GAP, NODE_WIDTH, overlaps, type Point, type Rect, type Size } from './sizes.ts';

type Layout = DraftDocument['layout'];

/** For a layer that is not drawn yet. */
export const USUAL: Size = { width: NODE_WIDTH, height: 64 };

/** A layer may be called `constructor`, which every object has. */
export const placeIn = (layout: Layout, id: string): Layout[string] | undefined =>
  Object.hasOwn(layout, id) ? layout[id] : undefined;

export const isArranged = (layout: Layout): boolean => Object.keys(layout).length === 0;

export function placesOf(drawing: Drawing, layout: Layout, sizes: Sizes, before?: Places): Places {
  if (isArranged(layout)) return arrange(drawing, sizes, before);
  const places = new Map<string, Point>();
  for (const id of drawing.ids) {
    const at = placeIn(layout, id);
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

/** The layout with what comes in; what stood there or below it moves down as far as it must. */
export function withRoomFor(layout: Layout, coming: Layout, sizes: Sizes): Layout {
  const bottomOf = (id: string, y: number) => y + (sizes.get(id) ?? USUAL).height;
  const entries = Object.entries(coming);
  const left = Math.min(...entries.map(([, [x]]) => x));
  const right = Math.max(...entries.map(([, [x]]) => x)) + NODE_WIDTH;
  const top = Math.min(...entries.map(([, [, y]]) => y));
  const moved: Record<string, readonly [number, number]> = { ...layout, ...coming };
  const below = Object.entries(layout)
    .filter(([id, [x, y]]) => !(id in coming) && x < right && x + NODE_WIDTH > left && bottomOf(id, y) > top)
    .sort(([, a], [, b]) => a[1] - b[1]);
  let bottom = Math.max(...entries.map(([id, [, y]]) => bottomOf(id, y))) + GAP;
  for (const [id, [x, y]] of below) {
    if (y >= bottom) break;
    moved[id] = [x, Math.round(bottom)];
    bottom = bottomOf(id, bottom) + GAP;
  }
  return moved;
}

/** Places of layers that are gone are forgotten. */
export function onlyOf(layout: Layout, network: NetworkSpec): Layout {
  const known = new Set(drawingOf(network).ids);
  const left = Object.entries(layout).filter(([id]) => known.has(id));
  return left.length === Object.keys(layout).length ? layout : Object.fromEntries(left);
}
