/** What stands on the canvas as a graph: the layers, and behind those that nothing follows the training card. */
import type { NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import { TRAINING } from '../../state/build.svelte.ts';
import { isSameList } from '../steady.ts';

export interface Drawing {
  readonly ids: readonly string[];
  readonly wires: readonly (readonly [from: string, to: string])[];
}

/** The layers that the data reaches and that nothing follows: what training judges. */
export function endsOf({ nodes, edges }: NetworkSpec): string[] {
  const behind = Map.groupBy(edges, ([from]) => from);
  const reached = new Set(nodes.filter(({ kind }) => kind === 'input').map(({ id }) => id));
  for (const id of reached) for (const [, to] of behind.get(id) ?? []) reached.add(to); // the set grows as it is walked
  return [...new Set(nodes.map(({ id }) => id))].filter((id) => reached.has(id) && !behind.has(id));
}

/** Wires to layers that are not there are left out; two layers of one name count once. */
export function drawingOf(network: NetworkSpec): Drawing {
  const ids = [...new Set(network.nodes.map(({ id }) => id))];
  const known = new Set(ids);
  const seen = new Set<string>();
  const wires = network.edges.filter(([from, to]) => {
    const key = `${from} ${to}`;
    if (!known.has(from) || !known.has(to) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return {
    ids: [...ids, TRAINING],
    wires: [...wires, ...endsOf(network).map((id): [string, string] => [id, TRAINING])]
  };
}

export const isSameDrawing = (a: Drawing, b: Drawing): boolean =>
  isSameList(a.ids, b.ids) &&
  a.wires.length === b.wires.length &&
  a.wires.every((wire, i) => isSameList(wire, b.wires[i]!));

/** Every id behind all that lead to it, as far as there is such an order; what stands in a circle comes at the end. */
export function flowOrder({ ids, wires }: Drawing): string[] {
  const behind = new Map<string, string[]>(ids.map((id) => [id, []]));
  const missing = new Map<string, number>(ids.map((id) => [id, 0]));
  for (const [from, to] of wires) {
    behind.get(from)?.push(to);
    missing.set(to, (missing.get(to) ?? 0) + 1);
  }
  const ready = ids.filter((id) => missing.get(id) === 0);
  const order: string[] = [];
  for (let at = 0; at < ready.length; at++) {
    order.push(ready[at]!);
    for (const next of behind.get(ready[at]!)!) {
      missing.set(next, missing.get(next)! - 1);
      if (missing.get(next) === 0) ready.push(next);
    }
  }
  const done = new Set(order);
  return [...order, ...ids.filter((id) => !done.has(id))];
}

/** The parts that no wire joins, the one with the first id first. */
export function partsOf({ ids, wires }: Drawing): Drawing[] {
  const group = new Map(ids.map((id) => [id, id]));
  const rootOf = (id: string): string => {
    let root = id;
    while (group.get(root) !== root) root = group.get(root)!;
    group.set(id, root);
    return root;
  };
  for (const [from, to] of wires) group.set(rootOf(to), rootOf(from));
  const parts = Map.groupBy(ids, rootOf);
  return [...parts].map(([root, members]) => ({
    ids: members,
    wires: wires.filter(([from]) => rootOf(from) === root)
  }));
}
