/**
 * Changes of a network as a person makes them on the canvas, each on its own copy. They keep the drawing whole (no wire without ends, no two layers
 * of one name), not the network right: that is told by the check.
 */
import type { NetworkSpec, NodeSpec } from '../../contract/experiment.ts';

export type Wire = readonly [from: string, to: string];

/** An id that no layer has: the kind, with a number from 2 on. */
export function freshId(network: NetworkSpec, wanted: string, taken: ReadonlySet<string> = new Set()): string {
  const isTaken = (id: string) => taken.has(id) || network.nodes.some((node) => node.id === id);
  if (!isTaken(wanted)) return wanted;
  const stem = wanted.replace(/-?\d+$/, '');
  let number = 2;
  while (isTaken(`${stem}-${number}`)) number++;
  return `${stem}-${number}`;
}

/** The layer behind `after`: whatever came behind that one comes behind the new layer, in the same order of inputs. */
export function insertAfter(network: NetworkSpec, node: NodeSpec, after: string): NetworkSpec {
  const edges = network.edges.map(([from, to]): [string, string] => [from === after ? node.id : from, to]);
  return { nodes: placedBehind(network.nodes, node, after), edges: [...edges, [after, node.id]] };
}

/** The layer on a wire, at the same input of the layer behind it. */
export function insertOnWire(network: NetworkSpec, node: NodeSpec, [from, to]: Wire): NetworkSpec {
  const edges = network.edges.map((edge): [string, string] =>
    edge[0] === from && edge[1] === to ? [node.id, to] : edge
  );
  return { nodes: placedBehind(network.nodes, node, from), edges: [...edges, [from, node.id]] };
}

/** A wire that is there already, or from a layer to itself, changes nothing. */
export function connect(network: NetworkSpec, [from, to]: Wire): NetworkSpec {
  if (from === to || network.edges.some(([a, b]) => a === from && b === to)) return network;
  return { ...network, edges: [...network.edges, [from, to]] };
}

export function disconnect(network: NetworkSpec, [from, to]: Wire): NetworkSpec {
  return { ...network, edges: network.edges.filter(([a, b]) => a !== from || b !== to) };
}

/** Another end for a wire, at the same place among the inputs. */
export function rewire(network: NetworkSpec, [from, to]: Wire, wanted: Wire): NetworkSpec {
  if (wanted[0] === wanted[1]) return network;
  if (network.edges.some(([a, b]) => a === wanted[0] && b === wanted[1])) return disconnect(network, [from, to]);
  const edges = network.edges.map((edge): [string, string] =>
    edge[0] === from && edge[1] === to ? [...wanted] : edge
  );
  return { ...network, edges };
}

/** Without these layers; where one stood between two others, these are wired together. */
export function removeNodes(network: NetworkSpec, ids: readonly string[]): NetworkSpec {
  return ids.reduce(removeNode, network);
}

function removeNode({ nodes, edges }: NetworkSpec, id: string): NetworkSpec {
  const before = edges.filter(([, to]) => to === id).map(([from]) => from);
  const bridged = edges.flatMap((edge): [string, string][] =>
    edge[0] === id ? before.map((from) => [from, edge[1]]) : edge[1] === id ? [] : [edge]
  );
  const once = bridged.filter(
    ([from, to], index) => from !== to && bridged.findIndex(([a, b]) => a === from && b === to) === index
  );
  return { nodes: nodes.filter((node) => node.id !== id), edges: once };
}

/** The order of the list decides among layers that are ready at the same time, and is how the text reads. */
function placedBehind(nodes: readonly NodeSpec[], node: NodeSpec, before: string): NodeSpec[] {
  const at = nodes.findIndex(({ id }) => id === before) + 1;
  return at === 0 ? [...nodes, node] : [...nodes.slice(0, at), node, ...nodes.slice(at)];
}
