/** The ways of wires: down from a layer's lower edge to the next one's upper edge, in right angles, around what stands between. */
import { GAP, type Point, type Rect } from './sizes.ts';

/** Of a wire, before it may turn. */
const STUB = GAP / 2;
/** From a lane to what it passes, and between lanes side by side. */
const CLEARANCE = 16;
const LANE = 10;
const LANES = 4;
/** From an edge to where a wire turns, the best first: all within the gap between two layers. */
const TURNS = [STUB, STUB + 8, STUB - 8];
const CORNER = 6;

interface Lane {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}
/** A part of a wire that goes across; those of one layer may lie on each other, for they carry the same. */
interface Level {
  readonly from: Point;
  readonly y: number;
  readonly left: number;
  readonly right: number;
}
interface Taken {
  readonly lanes: Lane[];
  readonly levels: Level[];
}

export interface Ends {
  readonly from: Point;
  readonly to: Point;
}

/** The corners of every wire, in the order of `wires`; `obstacles` are all layers. */
export function routesOf(wires: readonly Ends[], obstacles: readonly Rect[]): Point[][] {
  const taken: Taken = { lanes: [], levels: [] };
  return wires.map((wire) => routeOf(wire, obstacles, taken));
}

/** The way as it would be on an empty canvas: while an end of it is dragged. */
export const freeRoute = ({ from, to }: Ends): Point[] =>
  to.y - from.y >= STUB ? zigzag(from, to, (from.y + to.y) / 2) : around(from, to, (from.x + to.x) / 2);

function routeOf({ from, to }: Ends, obstacles: readonly Rect[], taken: Taken): Point[] {
  if (to.y - from.y >= STUB)
    for (const turn of [to.y - Math.min(STUB, (to.y - from.y) / 2), from.y + STUB]) {
      const way = zigzag(from, to, turn);
      if (isFree(way, obstacles)) return noted(way, taken);
    }
  const [top, bottom] = [Math.min(from.y, to.y) - STUB, Math.max(from.y, to.y) + STUB];
  const lanes = lanesAmong(obstacles, { from, to }).filter(
    (x) => !taken.lanes.some((lane) => Math.abs(lane.x - x) < LANE && lane.top < bottom && top < lane.bottom)
  );
  const x = lanes.find((lane) => isFree(around(from, to, lane), obstacles)) ?? lanes[0] ?? (from.x + to.x) / 2;
  taken.lanes.push({ x, top, bottom });
  return noted(around(from, to, x, turnsFor(from, to, x, taken)), taken);
}

/** How far below its start and above its end it turns: where no wire of another layer lies. */
function turnsFor(from: Point, to: Point, lane: number, { levels }: Taken): { drop: number; rise: number } {
  const isClear = (y: number, x: number) =>
    !levels.some(
      (level) =>
        Math.abs(level.y - y) < 4 &&
        level.left < Math.max(x, lane) &&
        level.right > Math.min(x, lane) &&
        (level.from.x !== from.x || level.from.y !== from.y)
    );
  return {
    drop: TURNS.find((turn) => isClear(from.y + turn, from.x)) ?? STUB,
    rise: TURNS.find((turn) => isClear(to.y - turn, to.x)) ?? STUB
  };
}

function noted(way: Point[], { levels }: Taken): Point[] {
  const from = way[0]!;
  for (const [index, a] of way.entries()) {
    const b = way[index + 1];
    if (b && a.y === b.y) levels.push({ from, y: a.y, left: Math.min(a.x, b.x), right: Math.max(a.x, b.x) });
  }
  return way;
}

/** Where a wire can pass beside something, the shortest detour first. */
function lanesAmong(obstacles: readonly Rect[], { from, to }: Ends): number[] {
  const lefts = new Set(obstacles.map(({ x }) => x));
  const rights = new Set(obstacles.map(({ x, width }) => x + width));
  const beside = Array.from({ length: LANES }, (_, i) => CLEARANCE + i * LANE);
  const sides = beside.flatMap((by) => [...[...lefts].map((x) => x - by), ...[...rights].map((x) => x + by)]);
  const detour = (x: number) => Math.abs(x - from.x) + Math.abs(x - to.x);
  return [...new Set(sides)].sort((a, b) => detour(a) - detour(b));
}

const zigzag = (from: Point, to: Point, turn: number): Point[] =>
  Math.abs(from.x - to.x) < 1 ? [from, to] : [from, { x: from.x, y: turn }, { x: to.x, y: turn }, to];

const around = (from: Point, to: Point, lane: number, { drop, rise } = { drop: STUB, rise: STUB }): Point[] => [
  from,
  { x: from.x, y: from.y + drop },
  { x: lane, y: from.y + drop },
  { x: lane, y: to.y - rise },
  { x: to.x, y: to.y - rise },
  to
];

/** The ends touch what they join; between them nothing may be touched. */
function isFree(way: readonly Point[], obstacles: readonly Rect[]): boolean {
  for (let i = 1; i < way.length; i++) {
    const [a, b] = [way[i - 1]!, way[i]!];
    const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
    const [top, bottom] = [Math.min(a.y, b.y) + 1, Math.max(a.y, b.y) - 1];
    for (const { x, y, width, height } of obstacles)
      if (left < x + width && right > x && top < y + height && bottom > y) return false;
  }
  return true;
}

/** An SVG path through the corners, each of them rounded. */
export function pathThrough(way: readonly Point[]): string {
  const parts = [`M${way[0]!.x} ${way[0]!.y}`];
  for (let i = 1; i < way.length - 1; i++) {
    const [before, corner, after] = [way[i - 1]!, way[i]!, way[i + 1]!];
    const start = towards(corner, before);
    const end = towards(corner, after);
    parts.push(`L${start.x} ${start.y}Q${corner.x} ${corner.y} ${end.x} ${end.y}`);
  }
  const last = way.at(-1)!;
  return `${parts.join('')}L${last.x} ${last.y}`;
}

function towards(corner: Point, other: Point): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y) || 1;
  const share = Math.min(CORNER, length / 2) / length;
  return { x: corner.x + (other.x - corner.x) * share, y: corner.y + (other.y - corner.y) * share };
}

export function distanceTo(way: readonly Point[], { x, y }: Point): number {
  let least = Infinity;
  for (let i = 1; i < way.length; i++) {
    const [a, b] = [way[i - 1]!, way[i]!];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const along = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(x - a.x - along * dx, y - a.y - along * dy));
  }
  return least;
}
