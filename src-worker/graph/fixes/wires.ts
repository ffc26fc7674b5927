/** Fixes of wires: what leads nowhere, is there twice, goes in a circle, or is missing. */
import type { NetworkSpec } from '../../contract/experiment.ts';
import type { Problem } from '../../contract/problems.ts';
import { layers } from '../../layers/table.ts';
import { disconnect, freshId, insertOnWire, removeNodes, rewire, type Wire } from '../edit/wires.ts';
import { networkIn, withNetwork } from './document.ts';
import { costing, type Candidate, type Context, type Mender, type Menders } from './mender.ts';
import {
  addWire,
  before,
  cutWire,
  endsIn,
  onNetwork,
  removeLayer,
  replaceLayer,
  shapeOf,
  wiresFrom,
  wiresInto
} from './network.ts';

/** For menders that need a network of named layers. */
const drawn =
  (mender: (problem: Problem, network: NetworkSpec, context: Context) => readonly Candidate[]): Mender =>
  (problem, context) => {
    const network = networkIn(context.spec);
    return network ? mender(problem, network, context) : [];
  };

const withoutWireAt = (index: number, [from, to]: Wire): Candidate =>
  onNetwork('remove-wire', { from, to }, ({ nodes, edges }) => ({
    nodes,
    edges: edges.filter((_, at) => at !== index)
  }));

/** Where the layer was called otherwise, or taken away without its wires. */
const toNowhere = drawn(({ value, words }, network) => {
  const wire = value as Wire;
  const missing = String(words['layer']);
  const index = network.edges.findIndex(([from, to]) => from === wire[0] && to === wire[1]);
  const other = (id: string): Wire => [wire[0] === missing ? id : wire[0], wire[1] === missing ? id : wire[1]];
  const loose = network.nodes.filter(({ id }) => !network.edges.some((edge) => edge.includes(id)));
  const names = [words['nearest'], ...loose.map(({ id }) => id)].filter((id) => id !== undefined).map(String);
  const begins =
    network.nodes.some(({ kind }) => kind === 'input') || wire[0] !== missing ? [] : [inputCalled(missing, wire[1])];
  return [
    ...begins,
    ...names.map((id) => renamedEnds(missing, id, other(id))),
    bridged(missing),
    withoutWireAt(index, wire)
  ];
});

const inputCalled = (id: string, layer: string): Candidate =>
  onNetwork('add-input', { layer }, ({ nodes, edges }) => ({ nodes: [{ id, kind: 'input' }, ...nodes], edges }));

/** All wires that name the layer that is not there. */
const renamedEnds = (missing: string, id: string, [from, to]: Wire): Candidate =>
  onNetwork('rewire', { from, to }, ({ nodes, edges }) => ({
    nodes,
    edges: edges.map((edge) => edge.map((end) => (end === missing ? id : end)) as [string, string])
  }));

/** What led to the missing layer leads to what came behind it. */
const bridged = (layer: string): Candidate =>
  onNetwork('bridge', { layer }, (network) => removeNodes(network, [layer]));

const circle = drawn(({ node, value }, network) => {
  const members = value as readonly string[];
  const back = network.edges.filter(([from, to]) => to === node && members.includes(from));
  const others = network.edges.filter(([from, to]) => to !== node && members.includes(from) && members.includes(to));
  return [...back, ...others].map(cutWire);
});

const duplicate = drawn((problem, network) => {
  const layer = String(problem.value);
  const index = Number(problem.path.split('.')[2]);
  const at = network.nodes.findIndex((node, i) => node.id === layer && i >= index);
  const known = new Set(network.nodes.map(({ id }) => id));
  const named = [...new Set(network.edges.flat().filter((id) => !known.has(id)))];
  const fresh = freshId(network, layer);
  const rename = (name: string, change: (edges: NetworkSpec['edges']) => NetworkSpec['edges']): Candidate =>
    onNetwork('rename-layer', { layer, name }, ({ nodes, edges }) => ({
      nodes: nodes.map((node, i) => (i === at ? { ...node, id: name } : node)),
      edges: change(edges)
    }));
  return [
    ...named.map((name) => rename(name, (edges) => edges)),
    rename(fresh, (edges) => shared(network, edges, { layer, at, fresh })),
    rename(fresh, (edges) => edges),
    // Two layers were drawn: to take one away is the way out only where a new id leads to more than one fault.
    {
      ...onNetwork('remove-layer', { layer }, ({ nodes, edges }) => ({
        nodes: nodes.filter((_, i) => i !== at),
        edges
      })),
      cost: 2
    }
  ];
});

/** Wires of two layers under one id, told apart by where their other ends stand in the list: a network is mostly written down in its order. */
function shared(
  { nodes }: NetworkSpec,
  edges: NetworkSpec['edges'],
  { layer, at, fresh }: { layer: string; at: number; fresh: string }
): NetworkSpec['edges'] {
  const place = (id: string) => nodes.findIndex((node) => node.id === id);
  return edges.map(([from, to]): [string, string] => [
    from === layer && place(to) > at ? fresh : from,
    to === layer && place(from) < at && place(from) > place(layer) ? fresh : to
  ]);
}

const noInput = drawn((_, network, { examined }) => {
  const { order } = examined.network;
  const begins = order.filter((id) => wiresInto(network, id).length === 0);
  const inputOf = (heads: readonly string[]): Candidate =>
    onNetwork('add-input', { layer: heads[0] ?? 'input' }, (before) => {
      const id = freshId(before, 'input');
      const wires = heads.map((head): [string, string] => [id, head]);
      return { nodes: [{ id, kind: 'input' }, ...before.nodes], edges: [...wires, ...before.edges] };
    });
  return [inputOf(begins), inputOf(begins.slice(0, 1))];
});

const severalInputs = drawn(({ value }, network) => {
  const inputs = value as readonly string[];
  return inputs
    .slice(1)
    .toReversed()
    .flatMap((layer) => {
      const merged = onNetwork('one-input', { layer, nearest: inputs[0]! }, ({ nodes, edges }) => ({
        nodes: nodes.filter((node) => node.id !== layer),
        edges: unique(edges.map(([from, to]): [string, string] => [from === layer ? inputs[0]! : from, to]))
      }));
      const cut = onNetwork('remove-layer', { layer }, ({ nodes, edges }) => ({
        nodes: nodes.filter((node) => node.id !== layer),
        edges: edges.filter((wire) => !wire.includes(layer))
      }));
      return wiresFrom(network, layer).length > 0 ? [merged, cut] : [cut];
    });
});

const unique = (edges: NetworkSpec['edges']): NetworkSpec['edges'] =>
  edges.filter(([from, to], index) => edges.findIndex((edge) => edge[0] === from && edge[1] === to) === index);

/** The ends of what is there come first: where a wire was cut one is loose. Then layers with a shape that would go. */
const tooFew = drawn(({ node: layer, value }, network, context) => {
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
    ...(taken.length === 0 ? turned(network, context) : []),
    removeLayer(layer),
    ...(taken.length === 0 ? island(layer, network) : [])
  ];
});

/** As wide as what is to be predicted, behind the input. */
function isAnswer(id: string, context: Context): boolean {
  const { classes = [], values = [] } = context.examined.dataset ?? {};
  const shape = shapeOf(context, id);
  const widths = [classes.length, values.length].filter((count) => count > 0);
  return shape?.length === 1 && widths.includes(shape[0]!) && before(networkIn(context.spec)!, id).length > 0;
}

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

/** A layer without any wire, between the two between which it is listed. */
function onto(layer: string, network: NetworkSpec): Candidate[] {
  const at = network.nodes.findIndex(({ id }) => id === layer);
  const [previous, next] = [network.nodes[at - 1]?.id, network.nodes[at + 1]?.id];
  const wire = network.edges.find(([from, to]) => from === previous && to === next);
  const node = network.nodes[at]!;
  if (!wire) return [];
  return [
    onNetwork('between', { layer, from: wire[0], to: wire[1] }, ({ nodes, edges }) => ({
      ...insertOnWire({ nodes, edges }, node, wire),
      nodes
    }))
  ];
}

const kindOf = ({ nodes }: NetworkSpec, id: string) => nodes.find((node) => node.id === id)?.kind;

/** For a sum that has one input: layers of the same shape, nearest first, but not those that lead there by nothing but activations. */
function alike(taken: readonly string[], usable: readonly string[], context: Context): string[] {
  const network = networkIn(context.spec);
  const [first] = taken;
  const shape = first === undefined ? undefined : shapeOf(context, first)?.join();
  if (!network || first === undefined || shape === undefined) return [];
  const upstream = before(network, first);
  const same = usable.filter((id) => shapeOf(context, id)?.join() === shape && kindOf(network, id) !== 'input');
  const forks = same.filter((id) => upstream.includes(id) && hasActivationOrPool(network, id));
  return [...forks.toReversed(), ...same.toReversed()];
}

/** Shortcuts mostly begin behind the activation, the sum or the pooling that ends what comes before. */
const hasActivationOrPool = (network: NetworkSpec, id: string): boolean => {
  const kind = kindOf(network, id) ?? '';
  return layers[kind]?.group === 'activation' || layers[kind]?.group === 'merge' || kind.endsWith('pool');
};

function listedBefore({ nodes }: NetworkSpec, layer: string, usable: readonly string[]): string[] {
  const at = nodes.findIndex(({ id }) => id === layer);
  return nodes
    .slice(0, Math.max(at, 0))
    .map(({ id }) => id)
    .filter((id) => usable.includes(id))
    .toReversed()
    .slice(0, 3);
}

function after({ edges }: NetworkSpec, id: string): string[] {
  const found = [id];
  for (const at of found) for (const [from, to] of edges) if (from === at && !found.includes(to)) found.push(to);
  return found.slice(1);
}

/** The wire that came last goes first; two that are alike in shape may be added. */
const tooMany = drawn(({ node: layer }, network, context) => {
  if (layer === null) return [];
  const wires = wiresInto(network, layer);
  const shapes = new Set(wires.map(([from]) => shapeOf(context, from)?.join()));
  const cuts = wires.toReversed().map(cutWire);
  const joins = (shapes.size === 1 ? ['add', 'concat'] : ['concat', 'add']).map((kind) => joined(layer, kind));
  const kind = kindOf(network, layer)!;
  if (kind === 'input') return [onNetwork('remove-wire', endsOf(wires[0]!), (net) => wires.reduce(disconnect, net))];
  const isShortcut =
    shapes.size === 1 && !wires.some(([from]) => wires.some(([other]) => isSame(network, from, other)));
  return [
    ...(isShortcut ? joins : []),
    ...cuts,
    ...joins,
    ...(kind === 'add' ? [replaceLayer(layer, { kind: 'concat' })] : [])
  ];
});

/** Does one lead to the other by activations and the like alone? A shortcut around those is hardly meant. */
function isSame(network: NetworkSpec, from: string, to: string): boolean {
  const [wire, ...others] = wiresInto(network, to);
  if (!wire || others.length > 0 || makesWeights(kindOf(network, to))) return false;
  return wire[0] === from || isSame(network, from, wire[0]);
}

const makesWeights = (kind = ''): boolean => ['dense', 'conv2d', 'embedding'].includes(kind);

const endsOf = ([from, to]: Wire) => ({ from, to });

const joined = (layer: string, kind: string): Candidate =>
  onNetwork('join-wires', { layer, kind }, ({ nodes, edges }) => {
    const id = freshId({ nodes, edges }, kind);
    const at = nodes.findIndex((node) => node.id === layer);
    return {
      nodes: nodes.toSpliced(at, 0, { id, kind }),
      edges: [...edges.map(([from, to]): [string, string] => [from, to === layer ? id : to]), [id, layer]]
    };
  });

/** Ends that nothing judges: connected to what follows in the list, or taken away, or judged. */
export const severalEnds = drawn(({ value }, network, context) => {
  const ends = value as readonly string[];
  const { order } = context.examined.network;
  const loose = ends.slice(0, -1);
  const wires = loose.flatMap((end) => {
    const below = order.slice(order.indexOf(end) + 1).filter((id) => !before(network, end).includes(id));
    const merges = below.filter((id) => layers[kindOf(network, id) ?? '']?.inputs.max !== 1);
    return merges.slice(0, 2).map((id) => addWire([end, id]));
  });
  const overs = loose.flatMap((end) => costing(isAnswer(end, context) ? 2 : 0, skipped(end, network)));
  // The one to take away is what could not be the answer, or came last.
  const spare = [
    ...ends.filter((end) => !isAnswer(end, context)),
    ...ends.filter((end) => isAnswer(end, context)).toReversed()
  ];
  return [...overs, ...wires, ...[...new Set(spare)].map((end) => removeBranch(end))];
});

/** A layer that was passed over: what comes behind it in the list takes its input from before it. */
function skipped(end: string, network: NetworkSpec): Candidate[] {
  const sources = wiresInto(network, end).map(([from]) => from);
  const wires = network.edges.filter(([from, to]) => sources.includes(from) && to !== end);
  return wires.map(([from, to]) => onNetwork('rewire', { from: end, to }, (net) => rewire(net, [from, to], [end, to])));
}

/** The end and what leads to nothing else. */
const removeBranch = (layer: string): Candidate => ({
  code: 'remove-branch',
  words: { layer },
  change: (spec) =>
    withNetwork(spec, (network) => {
      const gone = new Set([layer]);
      for (const id of before(network, layer))
        if (kindOf(network, id) !== 'input' && wiresFrom(network, id).every(([, to]) => gone.has(to))) gone.add(id);
      const stays = (id: string) => !gone.has(id);
      return {
        nodes: network.nodes.filter(({ id }) => stays(id)),
        edges: network.edges.filter(([from, to]) => stays(from) && stays(to))
      };
    })
});

export const wireMenders: Menders = {
  'duplicate-id': duplicate,
  'wire-to-nowhere': toNowhere,
  'wire-twice': drawn(({ path, value }) => [withoutWireAt(Number(path.split('.').at(-1)), value as Wire)]),
  'wire-to-itself': drawn(({ path, value }) => [withoutWireAt(Number(path.split('.').at(-1)), value as Wire)]),
  circle,
  'no-input': noInput,
  'several-inputs': severalInputs,
  'too-few-wires': tooFew,
  'too-many-wires': tooMany,
  'wires-into-input': tooMany
};
