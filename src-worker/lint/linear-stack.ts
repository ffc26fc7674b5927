import type { NetworkSpec, NodeSpec } from '../contract/experiment.ts';
import { freshId, type Wire } from '../graph/edit/wires.ts';
import type { Candidate } from '../graph/fixes/mender.ts';
import { onNetwork } from '../graph/fixes/network.ts';
import type { ResolvedLayer } from '../graph/resolve-network.ts';
import { kindOf, next, nextThrough } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

type Layers = readonly ResolvedLayer[];

/** Source: Goodfellow et al. 2016, Deep Learning, section 6.1: a chain of linear layers is one linear function. */
export const linearStack = defineRule({
  id: 'linear-stack',
  words: {
    what: 'No activation between “{next}” and “{layer}”.',
    why: 'Dense layers in a row can do no more than a single one: their product is again one table of weights.',
    remedy: 'Put an activation, such as relu, between them.'
  },
  lesson: 'deep-linear',
  bad: { layers: [kind('flatten'), dense(64), dense(10)] },
  good: { layers: [kind('flatten'), dense(64), kind('relu'), dense(10)] },
  find({ layers }) {
    const behind = new Map(layers.flatMap((layer) => pairOf(layers, layer)));
    const inside = new Set(behind.values());
    const firsts = [...behind.keys()].filter((layer) => !inside.has(layer));
    return firsts.map((first) => {
      const chain = [first];
      for (let at = behind.get(first); at; at = behind.get(at)) chain.push(at);
      const wires = chain.slice(0, -1).map((layer): Wire => [layer.id, next(layers, layer)!.id]);
      const node = chain.at(-1)!.id;
      return { node, path: null, words: { layer: node, next: first.id }, fixes: [activated(wires)] };
    });
  }
});

/** A dense layer and the dense layer behind it, unless it is narrower than what comes in and goes out: fewer weights may be what is wanted. */
function pairOf(layers: Layers, layer: ResolvedLayer): [ResolvedLayer, ResolvedLayer][] {
  if (kindOf(layer) !== 'dense') return [];
  const behind = nextThrough(layers, layer, (one) => kindOf(one) === 'dropout' || kindOf(one) === 'flatten');
  if (!behind || kindOf(behind) !== 'dense') return [];
  const widthOf = (shape: readonly number[] | undefined) => shape?.at(-1) ?? 0;
  const isBottleneck =
    widthOf(layer.outputShape) < Math.min(widthOf(layer.inputShapes[0]), widthOf(behind.outputShape));
  return isBottleneck ? [] : [[layer, behind]];
}

/** All at once: one after the other would look through a long chain for every id anew. */
function activatedOn(wires: readonly Wire[], { nodes, edges }: NetworkSpec): NetworkSpec {
  const taken = new Set(nodes.map(({ id }) => id));
  const added = new Map<string, NodeSpec>();
  for (const [index, [from]] of wires.entries()) {
    const wanted = index === 0 ? 'relu' : `relu-${index + 1}`;
    const id = taken.has(wanted) ? freshId({ nodes, edges }, wanted, taken) : wanted;
    taken.add(id);
    added.set(from, { id, kind: 'relu' });
  }
  const chained = new Set(wires.map((wire) => wire.join(' ')));
  return {
    nodes: nodes.flatMap((node) => [node, ...(added.has(node.id) ? [added.get(node.id)!] : [])]),
    edges: edges.flatMap(([from, to]): [string, string][] => {
      const relu = chained.has(`${from} ${to}`) ? added.get(from) : undefined;
      return relu
        ? [
            [from, relu.id],
            [relu.id, to]
          ]
        : [[from, to]];
    })
  };
}

const activated = (wires: readonly Wire[]): Candidate => {
  const [from, to] = [wires[0]![0], wires.at(-1)![1]];
  return onNetwork('between', { layer: 'relu', from, to }, (network) => activatedOn(wires, network));
};
