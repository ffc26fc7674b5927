/** Fixes of where the data comes in: no input layer, or several. */
import type { NetworkSpec } from '../../../contract/experiment.ts';
import { freshId } from '../../edit/wires.ts';
import { drawn, type Candidate } from '../mender.ts';
import { onNetwork, wiresFrom, wiresInto } from '../network.ts';

export const noInput = drawn((_, network, { examined }) => {
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

export const severalInputs = drawn(({ value }, network) => {
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
