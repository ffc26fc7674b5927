/**
 * Several layers as one thing: taken out of a network with the wires between them, and set into one again. What enters a part are its
 * layers that no other of it feeds; what leaves it, those that feed no other of it.
 */
import type { NetworkSpec, NodeSpec } from '../../contract/experiment.ts';
import { freshId, type Wire } from './wires.ts';

export interface Part {
  readonly nodes: readonly NodeSpec[];
  readonly edges: readonly Wire[];
}

/** The input is never part of it: a network has one. */
export function partOf({ nodes, edges }: NetworkSpec, ids: readonly string[]): Part {
  const wanted = new Set(ids);
  const chosen = nodes.filter(({ id, kind }) => wanted.has(id) && kind !== 'input');
  const known = new Set(chosen.map(({ id }) => id));
  return { nodes: chosen, edges: edges.filter(([from, to]) => known.has(from) && known.has(to)) };
}

/** The new ids by the old ones, so that the part can stand in the network. */
export function freshIds(network: NetworkSpec, { nodes }: Part): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    nodes.map(({ id }) => {
      const fresh = freshId(network, id, taken);
      taken.add(fresh);
      return [id, fresh];
    })
  );
}

export const renamedPart = ({ nodes, edges }: Part, ids: ReadonlyMap<string, string>): Part => ({
  nodes: nodes.map((node) => ({ ...node, id: ids.get(node.id) ?? node.id })),
  edges: edges.map(([from, to]) => [ids.get(from) ?? from, ids.get(to) ?? to])
});

export const entriesOf = ({ nodes, edges }: Part): string[] =>
  nodes.map(({ id }) => id).filter((id) => !edges.some(([, to]) => to === id));
export const exitsOf = ({ nodes, edges }: Part): string[] =>
  nodes.map(({ id }) => id).filter((id) => !edges.some(([from]) => from === id));

/** Whether it can stand on a wire: a circle has no way in or out, and with several ways out it is not said which goes on. */
export const fitsOnWire = (part: Part): boolean => entriesOf(part).length > 0 && exitsOf(part).length === 1;

/** By itself. */
export const addPart = ({ nodes, edges }: NetworkSpec, part: Part): NetworkSpec => ({
  nodes: [...nodes, ...part.nodes],
  edges: [...edges, ...part.edges.map(([from, to]): [string, string] => [from, to])]
});

/** Behind `before`: in front of all that it feeds, or of `after` alone. The order of inputs stays. */
export function insertPart(network: NetworkSpec, part: Part, before: string, after: string | null = null): NetworkSpec {
  const exit = exitsOf(part)[0]!;
  const at = network.nodes.findIndex(({ id }) => id === before) + 1;
  const edges = network.edges.map(([from, to]): [string, string] =>
    from === before && (after === null || to === after) ? [exit, to] : [from, to]
  );
  const entering = entriesOf(part).map((id): [string, string] => [before, id]);
  const inner = part.edges.map(([from, to]): [string, string] => [from, to]);
  return {
    nodes: [...network.nodes.slice(0, at), ...part.nodes, ...network.nodes.slice(at)],
    edges: [...edges, ...entering, ...inner]
  };
}
