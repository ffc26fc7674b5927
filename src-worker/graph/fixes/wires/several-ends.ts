/** Fixes of ends that nothing judges: connected to what follows in the list, or taken away. */
import type { NetworkSpec } from '../../../contract/experiment.ts';
import { layers } from '../../../layers/table.ts';
import { rewire } from '../../edit/wires.ts';
import { networkIn, withNetwork } from '../document.ts';
import { costing, drawn, type Candidate, type Context } from '../mender.ts';
import { addWire, before, kindOf, onNetwork, shapeOf, wiresFrom, wiresInto } from '../network.ts';

/** As wide as what is to be predicted, behind the input. */
export function isAnswer(id: string, context: Context): boolean {
  const { classes = [], values = [] } = context.examined.dataset ?? {};
  const shape = shapeOf(context, id);
  const widths = [classes.length, values.length].filter((count) => count > 0);
  return shape?.length === 1 && widths.includes(shape[0]!) && before(networkIn(context.spec)!, id).length > 0;
}

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
