/**
 * Places for everything on the canvas: the flow from top to bottom, wrapped into columns where it is long.
 *
 * Only parts that branch need a layout algorithm (`branches`); what merely follows is stacked. So a layer more costs next to nothing, also
 * in a network of hundreds.
 */
import { branched, type Block } from './branches.ts';
import { flowOrder, partsOf, type Drawing } from './drawing.ts';
import { COLUMN_GAP, GAP, NODE_WIDTH, type Point, type Size } from './sizes.ts';

export type Sizes = ReadonlyMap<string, Size>;
export type Places = ReadonlyMap<string, Point>;

/** A column is at least this high before the next begins. */
const COLUMN_HEIGHT = 640;
/** A column that is hardly begun takes in what is higher than the room that it has left, up to so many times its height. */
const BEGUN = 0.25;
const STRETCH = 1.35;
/** From so many on, columns are kept while the network is edited. */
const MANY = 40;
/** Width to height of the whole, where it is large. */
const ASPECT = 1.4;

/** Where it stood `before`: columns of a large network begin where they began, so that an edit moves one of them and not all that follow. */
export function arrange(drawing: Drawing, sizes: Sizes, before: Places = new Map()): Places {
  const places = new Map<string, Point>();
  const kept: Places = drawing.ids.length < MANY ? new Map() : before;
  let left = 0;
  for (const part of partsOf(drawing)) {
    const units = cut(withoutShortcuts(part)).map((unit) => laidOut(unit, sizes));
    left = stack(grouped(units, part), left, { places, before: kept }) + COLUMN_GAP;
  }
  return places;
}

/** The right edge of the last column. */
function stack(
  groups: readonly Block[][],
  from: number,
  { places, before }: { places: Map<string, Point>; before: Places }
): number {
  const total = groups.flat().reduce((sum, { height }) => sum + height + GAP, 0);
  const limit = Math.max(COLUMN_HEIGHT, Math.sqrt((total * (NODE_WIDTH + COLUMN_GAP)) / ASPECT));
  let left = from;
  for (const column of columnsOf(groups, limit, before)) {
    const width = Math.max(...column.map((block) => block.width));
    let top = 0;
    for (const block of column) {
      const inset = Math.round((width - block.width) / 2);
      for (const [id, { x, y }] of block.places) places.set(id, { x: left + inset + x, y: top + y });
      top += block.height + GAP;
    }
    left += width + COLUMN_GAP;
  }
  return left - COLUMN_GAP;
}

/**
 * What a shortcut spans stays in one column, unless it is higher than a column. What comes last (the training card, as a rule) begins
 * no column for itself.
 */
function columnsOf(groups: readonly Block[][], limit: number, before: Places): Block[][] {
  const columns: Block[][] = [];
  let top = Infinity;
  const runs = groups.flatMap((group) => (heightOf(group) > limit ? group.map((block) => [block]) : [group]));
  const begins = columnsBegun(runs, before);
  const lastBegin = begins.lastIndexOf(true);
  for (const [index, blocks] of runs.entries()) {
    const isLast = index === runs.length - 1 && index > 0 && blocks.length === 1;
    const isBegun = top > BEGUN * limit;
    const most = isBegun && index > lastBegin ? limit : STRETCH * limit;
    if (((begins[index] && isBegun) || top + heightOf(blocks) > most) && !isLast) {
      columns.push([]);
      top = 0;
    }
    columns.at(-1)!.push(...blocks);
    top += heightOf(blocks) + GAP;
  }
  return columns;
}

/** Whatever stood higher than what comes before it began a column. */
function columnsBegun(runs: readonly Block[][], before: Places): boolean[] {
  let last = -Infinity;
  return runs.map((blocks) => {
    const tops = blocks.flatMap(({ places }) => [...places.keys()].flatMap((id) => before.get(id)?.y ?? []));
    if (tops.length === 0) return false;
    const top = Math.min(...tops);
    const isHigher = top < last;
    last = top;
    return isHigher;
  });
}

const heightOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { height }) => sum + height + GAP, -GAP);

/** Without the wires beside which another way leads to the same layer: they go around, and bend nothing. */
function withoutShortcuts({ ids, wires }: Drawing): Drawing {
  const behind = Map.groupBy(wires, ([from]) => from);
  const before = Map.groupBy(wires, ([, to]) => to);
  const leads = (start: string, end: string): boolean => {
    const seen = new Set([start]);
    for (const id of seen)
      for (const [, to] of behind.get(id) ?? []) {
        if (id === start && to === end) continue;
        if (to === end) return true;
        seen.add(to); // the set grows as it is walked
      }
    return false;
  };
  const isShortcut = ([from, to]: Drawing['wires'][number]) =>
    behind.get(from)!.length > 1 && before.get(to)!.length > 1 && leads(from, to);
  return { ids, wires: wires.filter((wire) => !isShortcut(wire)) };
}

/** Cut wherever one wire alone leads on. */
function cut(part: Drawing): Drawing[] {
  const order = flowOrder(part);
  const at = new Map(order.map((id, index) => [id, index]));
  const opens = new Array<number>(order.length + 1).fill(0);
  for (const [from, to] of part.wires) {
    const [first, last] = [at.get(from)!, at.get(to)!].sort((a, b) => a - b);
    opens[first!]! += 1;
    opens[last!]! -= 1;
  }
  const units: string[][] = [[]];
  let open = 0;
  for (const [index, id] of order.entries()) {
    units.at(-1)!.push(id);
    open += opens[index]!;
    if (open <= 1 && index < order.length - 1) units.push([]);
  }
  const unitOf = new Map(units.flatMap((ids, index) => ids.map((id) => [id, index] as const)));
  const inner = Map.groupBy(
    part.wires.filter(([from, to]) => unitOf.get(from) === unitOf.get(to)),
    ([from]) => unitOf.get(from)!
  );
  return units.map((ids, index) => ({ ids, wires: inner.get(index) ?? [] }));
}

/** Units that the same shortcut spans, together. */
function grouped(units: readonly Block[], part: Drawing): Block[][] {
  const groupOf = new Map(cut(part).flatMap(({ ids }, index) => ids.map((id) => [id, index] as const)));
  return [...Map.groupBy(units, ({ places }) => groupOf.get(places.keys().next().value!)!).values()];
}

/** Blocks are laid out again and again while other parts are edited. */
const known = new Map<string, Block>();
const MOST_KNOWN = 500;

function laidOut(block: Drawing, sizes: Sizes): Block {
  if (block.ids.length === 1) {
    const id = block.ids[0]!;
    return { ...sizes.get(id)!, places: new Map([[id, { x: 0, y: 0 }]]) };
  }
  const key = JSON.stringify([block.ids.map((id) => [id, sizes.get(id)]), block.wires]);
  const found = known.get(key);
  if (found) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = branched(block, sizes);
  known.set(key, made);
  return made;
}
