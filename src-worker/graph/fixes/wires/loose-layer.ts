/** Where a layer without any wire may belong in the network that is there. */
import type { NetworkSpec } from '../../../contract/experiment.ts';
import { layers } from '../../../layers/table.ts';
import { connect, insertOnWire, type Wire } from '../../edit/wires.ts';
import type { Candidate, Context } from '../mender.ts';
import { kindOf, onNetwork, shapeOf } from '../network.ts';
import { alike } from './alike.ts';

/** A layer without any wire, between the two between which it is listed. */
export function onto(layer: string, network: NetworkSpec): Candidate[] {
  const at = network.nodes.findIndex(({ id }) => id === layer);
  const [previous, next] = [network.nodes[at - 1]?.id, network.nodes[at + 1]?.id];
  const wire = network.edges.find(([from, to]) => from === previous && to === next);
  return wire ? [between(layer, wire, network)] : [];
}

/** Each is tried, which takes time. */
const MOST_PLACES = 3;

/** On the wires where such layers mostly stand, from the output backwards; then on any other that brings what it takes. */
export function placesFor(layer: string, network: NetworkSpec, context: Context): Candidate[] {
  const { order } = context.examined.network;
  const known = network.edges.filter(([from]) => shapeOf(context, from) !== undefined);
  const backwards = known.toSorted(([a], [b]) => order.indexOf(b) - order.indexOf(a));
  const kind = kindOf(network, layer) ?? '';
  if ((layers[kind]?.inputs.min ?? 1) > 1)
    return backwards.flatMap((wire) => shortcut(layer, wire, network, context)).slice(0, MOST_PLACES);
  const taking = TAKES_IMAGES.includes(kind)
    ? backwards.filter(([from]) => shapeOf(context, from)!.length === 3)
    : backwards;
  const usual = taking.filter((wire) => isUsual(kind, wire, network));
  return [...new Set([...usual, ...taking])].slice(0, MOST_PLACES).map((wire) => between(layer, wire, network));
}

const TAKES_IMAGES = [
  'conv2d',
  'max-pool',
  'average-pool',
  'global-average-pool',
  'flatten',
  'instance-norm',
  'group-norm'
];
const WITH_WEIGHTS = ['dense', 'conv2d'];

function isUsual(kind: string, [from, to]: Wire, network: NetworkSpec): boolean {
  const [before, behind] = [kindOf(network, from) ?? '', kindOf(network, to) ?? ''];
  const groupOf = (one: string) => layers[one]?.group;
  if (groupOf(kind) === 'activation' || groupOf(kind) === 'normalization')
    return WITH_WEIGHTS.includes(before) && groupOf(behind) !== groupOf(kind);
  if (kind === 'dropout') return groupOf(before) === 'activation' && behind === 'dense';
  if (kind.endsWith('-pool')) return groupOf(before) === 'activation' && !behind.endsWith('-pool');
  return kind === 'flatten' ? behind === 'dense' : groupOf(before) !== 'activation' || WITH_WEIGHTS.includes(behind);
}

const between = (layer: string, [from, to]: Wire, network: NetworkSpec): Candidate => {
  const node = network.nodes.find(({ id }) => id === layer)!;
  return onNetwork('between', { layer, from, to }, ({ nodes, edges }) => ({
    ...insertOnWire({ nodes, edges }, node, [from, to]),
    nodes
  }));
};

/** A sum on a wire, with a shortcut from a layer before it whose output has the same shape. */
function shortcut(layer: string, [from, to]: Wire, network: NetworkSpec, context: Context): Candidate[] {
  const { order } = context.examined.network;
  const earlier = order.slice(0, order.indexOf(from));
  const [start] = alike([from], earlier, context);
  if (start === undefined) return [];
  const { change } = between(layer, [from, to], network);
  return [
    {
      code: 'add-shortcut',
      words: { layer, from, to, start },
      change: (spec) => onNetwork('connect', {}, (net) => connect(net, [start, layer])).change(change(spec))
    }
  ];
}
