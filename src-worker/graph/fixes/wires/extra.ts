/** Fixes of a layer to which too many wires lead: one may go, or they are joined in front of it. */
import type { NetworkSpec } from '../../../contract/experiment.ts';
import { disconnect, freshId, type Wire } from '../../edit/wires.ts';
import { drawn, type Candidate } from '../mender.ts';
import { cutWire, kindOf, onNetwork, replaceLayer, shapeOf, wiresInto } from '../network.ts';

/** The wire that came last goes first; two that are alike in shape may be added. */
export const tooMany = drawn(({ node: layer }, network, context) => {
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
