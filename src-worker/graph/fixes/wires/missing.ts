/** Fixes of a layer to which too few wires lead: what it may be wired to, or what it hangs loose with may go. */
import type { NetworkSpec } from '../../../contract/experiment.ts';
import { drawn, type Candidate, type Context } from '../mender.ts';
import { addWire, after, endsIn, kindOf, onNetwork, removeLayer, wiresFrom } from '../network.ts';
import { alike } from './alike.ts';
import { onto, placesFor } from './loose-layer.ts';
import { isAnswer } from './several-ends.ts';

/** The ends of what is there come first: where a wire was cut one is loose. Then layers with a shape that would go. */
export const tooFew = drawn(({ node: layer, value }, network, context) => {
  if (layer === null) return [];
  const taken = value as readonly string[];
  const behind = new Set(after(network, layer));
  const { order } = context.examined.network;
  const usable = order.filter((id) => id !== layer && !behind.has(id) && !taken.includes(id));
  const ends = endsIn(network).map(({ id }) => id);
  const ranked = [
    ...usable.filter((id) => ends.includes(id)).toReversed(),
    ...alike(taken, usable, context),
    ...listedBefore(network, layer, usable),
    ...usable.filter((id) => kindOf(network, id) === 'input')
  ];
  // What ends as it should is an output: nothing is missing behind it.
  const finished = new Set(ends.filter((id) => isAnswer(id, context)));
  const fed = fedIn(network);
  const isSpare = finished.size > 0 && ![...behind].some((id) => fed.has(id));
  const wires = [...new Set(ranked)].slice(0, 8).map((id) => ({
    ...addWire([id, layer]),
    ...(taken.length === 0 && { cost: finished.has(id) ? 2 : isSpare ? 1 : 0 })
  }));
  const isLoose = taken.length === 0 && wiresFrom(network, layer).length === 0;
  return [
    ...(isLoose ? onto(layer, network) : []),
    ...wires,
    ...(isLoose ? placesFor(layer, network, context) : []),
    ...(taken.length === 0 ? turned(network, context) : []),
    removeLayer(layer),
    ...(taken.length === 0 ? island(layer, network) : [])
  ];
});

/** All that the input leads to. */
const fedIn = (network: NetworkSpec): Set<string> =>
  new Set(network.nodes.filter(({ kind }) => kind === 'input').flatMap(({ id }) => [id, ...after(network, id)]));

/** What nothing feeds, with all that comes behind it alone. */
function island(layer: string, network: NetworkSpec): Candidate[] {
  const fed = fedIn(network);
  const gone = new Set([layer, ...after(network, layer)].filter((id) => !fed.has(id)));
  if (gone.size < 2) return [];
  const change = ({ nodes, edges }: NetworkSpec): NetworkSpec => ({
    nodes: nodes.filter(({ id }) => !gone.has(id)),
    edges: edges.filter(([from, to]) => !gone.has(from) && !gone.has(to))
  });
  // It may be half of the network that one wire is missing to.
  return [{ ...onNetwork('remove-island', { layer }, change), cost: gone.size > 3 ? 2 : 1 }];
}

/** Wires that were drawn against the direction of the data: all, or those that lead towards the input. */
function turned(network: NetworkSpec, { examined }: Context): Candidate[] {
  const input = network.nodes.find(({ kind }) => kind === 'input')?.id;
  if (input === undefined || examined.problems.some(({ code }) => code === 'circle')) return [];
  const all = network.edges.map(([from, to]): [string, string] => [to, from]);
  const away = awayFrom(input, network);
  const count = away.filter(([from], index) => from !== network.edges[index]![0]).length;
  return [
    ...(wiresFrom(network, input).length === 0
      ? [onNetwork('turn-all', {}, ({ nodes }) => ({ nodes, edges: all }))]
      : []),
    ...(count > 0 ? [onNetwork('turn-wires', { count }, ({ nodes }) => ({ nodes, edges: away }))] : [])
  ];
}

/** Wires among layers that nothing feeds turned so that they lead away from those that the input feeds. */
function awayFrom(input: string, network: NetworkSpec): [string, string][] {
  const steps = new Map([input, ...after(network, input)].map((id) => [id, 0]));
  const isFed = new Set(steps.keys());
  for (const [at, step] of steps)
    for (const [from, to] of network.edges)
      for (const [here, there] of [
        [from, to],
        [to, from]
      ] as const)
        if (here === at && !steps.has(there)) steps.set(there, step + 1);
  return network.edges.map(([from, to]): [string, string] =>
    !isFed.has(from) && (steps.get(from) ?? 0) > (steps.get(to) ?? 0) ? [to, from] : [from, to]
  );
}

function listedBefore({ nodes }: NetworkSpec, layer: string, usable: readonly string[]): string[] {
  const at = nodes.findIndex(({ id }) => id === layer);
  return nodes
    .slice(0, Math.max(at, 0))
    .map(({ id }) => id)
    .filter((id) => usable.includes(id))
    .toReversed()
    .slice(0, 3);
}
