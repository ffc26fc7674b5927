/** Fixes of wires: what leads nowhere, is there twice or goes in a circle; and the table of all menders of wires. */
import type { NetworkSpec } from '../../../contract/experiment.ts';
import { freshId, removeNodes, type Wire } from '../../edit/wires.ts';
import { drawn, type Candidate, type Menders } from '../mender.ts';
import { cutWire, onNetwork } from '../network.ts';
import { tooMany } from './extra.ts';
import { noInput, severalInputs } from './inputs.ts';
import { tooFew } from './missing.ts';

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
