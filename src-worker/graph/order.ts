/** Order of computation: every layer behind all that feed it (Kahn 1962). Where layers wait for each other the way of the data goes on at the first of them. */
import type { NetworkSpec, NodeSpec } from '../contract/experiment.ts';

/** Layers that wait for each other; `entry` is the one at which the data comes in. */
export interface Circle {
  readonly entry: string;
  readonly nodes: ReadonlySet<string>;
}

export interface Order {
  /** Every layer once, of several under one id the first. */
  readonly order: readonly NodeSpec[];
  /** Ids of those that feed a layer, in the order of the wires; wires that lead nowhere, or are there twice, are left out. */
  readonly from: ReadonlyMap<string, readonly string[]>;
  readonly circles: readonly Circle[];
}

export function orderOf(network: NetworkSpec): Order {
  const byId = new Map(network.nodes.toReversed().map((node) => [node.id, node]));
  const from = linksOf(byId, network.edges, 1);
  const to = linksOf(byId, network.edges, 0);
  const waiting = new Map([...from].map(([id, sources]) => [id, sources.length]));
  const circles: Circle[] = [];
  const done = new Set<string>();
  // Among layers that are ready, the order of the spec decides: the same network always gives the same plan.
  const ids = [...new Set(network.nodes.map(({ id }) => id))];
  const ready = ids.filter((id) => waiting.get(id) === 0 && byId.get(id)!.kind === 'input');
  while (done.size < ids.length) {
    // Layers that nothing feeds come when all that the input feeds has come.
    const id = ready.shift() ?? ids.find((one) => waiting.get(one)! <= 0 && !done.has(one));
    if (id === undefined) {
      const circle = firstCircle(
        ids.filter((one) => !done.has(one)),
        { from, to, done }
      );
      circles.push(circle);
      ready.push(circle.entry);
      continue;
    }
    if (done.has(id)) continue;
    done.add(id);
    for (const next of to.get(id)!) {
      waiting.set(next, waiting.get(next)! - 1);
      if (waiting.get(next) === 0 && !done.has(next)) ready.push(next);
    }
  }
  return { order: [...done].map((id) => byId.get(id)!), from, circles };
}

type Links = ReadonlyMap<string, readonly string[]>;

/** The other ends of the wires at each layer; `side` 0: of those that leave it, 1: of those that come in. */
function linksOf(byId: ReadonlyMap<string, NodeSpec>, edges: NetworkSpec['edges'], side: 0 | 1): Links {
  const links = new Map([...byId.keys()].map((id): [string, Set<string>] => [id, new Set()]));
  for (const edge of edges)
    if (edge[0] !== edge[1] && byId.has(edge[1 - side]!)) links.get(edge[side])?.add(edge[1 - side]!);
  return new Map([...links].map(([id, others]) => [id, [...others]]));
}

/** Of the layers that are stuck some merely follow a circle, or lie between two; where the data comes in is looked for first. */
function firstCircle(
  stuck: readonly string[],
  { from, to, done }: { from: Links; to: Links; done: ReadonlySet<string> }
): Circle {
  const among = new Set(stuck);
  const comesIn = (id: string) => from.get(id)!.some((source) => done.has(source));
  for (const entry of [...stuck.filter(comesIn), ...stuck]) {
    const ahead = reachable(entry, to, among);
    if (!ahead.has(entry)) continue;
    const behind = reachable(entry, from, among);
    return { entry, nodes: new Set(stuck.filter((id) => ahead.has(id) && behind.has(id))) };
  }
  throw new Error('Layers that are stuck have a circle among them.');
}

/** Those that are come to from `start` by at least one wire, within `among`. */
function reachable(start: string, links: Links, among: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const next of links.get(id)!)
      if (among.has(next) && !found.has(next)) {
        found.add(next);
        open.push(next);
      }
  return found;
}
