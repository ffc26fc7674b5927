/** Places for a part of the network that branches, by dagre; what comes into a layer first stands on the left. */
import { Graph, layout } from '@dagrejs/dagre';
import type { Places, Sizes } from './arrange.ts';
import type { Drawing } from './drawing.ts';
import { BRANCH_GAP, GAP, type Point, type Size } from './sizes.ts';

/** Ids that stay together, with places relative to their upper left corner. */
export interface Block extends Size {
  readonly places: Places;
}

/** Dagre looks for few crossings, and knows nothing of ports: of what it finds, the one that keeps most inputs in their order. */
export function branched(drawing: Drawing, sizes: Sizes): Block {
  let best: { block: Block; swaps: number } | null = null;
  for (const order of [() => drawing, () => fromTheEnd(drawing)]) {
    const found = byDagre(order(), sizes);
    for (const block of [found, mirrored(found, sizes)]) {
      const swaps = swapsOf(drawing, block.places, sizes);
      if (swaps < (best?.swaps ?? Infinity)) best = { block, swaps };
    }
    if (best?.swaps === 0) break;
  }
  return best!.block;
}

/** Wires in the order in which their targets are found from the last layer back, first inputs first. */
function fromTheEnd({ ids, wires }: Drawing): Drawing {
  const before = Map.groupBy(wires, ([, to]) => to);
  const behind = new Set(wires.map(([from]) => from));
  const order = new Map<string, number>();
  const open = ids.filter((id) => !behind.has(id)).reverse();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (order.has(id)) continue;
    order.set(id, order.size);
    open.push(...(before.get(id) ?? []).map(([from]) => from).reverse());
  }
  const place = (id: string) => order.get(id) ?? order.size;
  return {
    ids: [...ids].sort((a, b) => place(a) - place(b)),
    wires: [...wires].sort(([, a], [, b]) => place(a) - place(b))
  };
}

/** How many pairs of inputs stand the other way round than they come in. */
function swapsOf({ wires }: Drawing, places: Places, sizes: Sizes): number {
  const middle = (id: string) => places.get(id)!.x + sizes.get(id)!.width / 2;
  return [...Map.groupBy(wires, ([, to]) => to).values()]
    .map((inputs) => inputs.map(([from]) => middle(from)))
    .map((at) => at.reduce((sum, x, i) => sum + at.slice(i + 1).filter((other) => other < x).length, 0))
    .reduce((sum, swaps) => sum + swaps, 0);
}

function mirrored({ places, ...size }: Block, sizes: Sizes): Block {
  const turned = [...places].map(([id, { x, y }]): [string, Point] => [
    id,
    { x: size.width - x - sizes.get(id)!.width, y }
  ]);
  return { ...size, places: new Map(turned) };
}

function byDagre({ ids, wires }: Drawing, sizes: Sizes): Block {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', ranksep: GAP, nodesep: BRANCH_GAP, edgesep: BRANCH_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { ...sizes.get(id)! });
  for (const [from, to] of wires) graph.setEdge(from, to);
  layout(graph);
  const corners = ids.map((id) => {
    const { x, y } = graph.node(id) as unknown as Point;
    const { width, height } = sizes.get(id)!;
    return { id, x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height };
  });
  const [left, top] = [Math.min(...corners.map(({ x }) => x)), Math.min(...corners.map(({ y }) => y))];
  return {
    width: Math.max(...corners.map(({ x, width }) => x + width)) - left,
    height: Math.max(...corners.map(({ y, height }) => y + height)) - top,
    places: new Map(corners.map(({ id, x, y }) => [id, { x: x - left, y: y - top }]))
  };
}
