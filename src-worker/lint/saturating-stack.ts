import { onNetwork } from '../graph/fixes/network.ts';
import type { ResolvedLayer } from '../graph/resolve-network.ts';
import { isEnd, isNorm, kindOf, sources } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

/** From so many on: a gradient that comes through sigmoids shrinks to a quarter at best in each, through tanh where it saturates. */
const MANY: Readonly<Record<string, number>> = { sigmoid: 3, tanh: 5 };

const stack = (activation: string) => [
  kind('flatten'),
  ...Array.from({ length: 4 }, () => [dense(64), kind(activation)]).flat(),
  dense(10)
];

/** Source: Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks, AISTATS. */
export const saturatingStack = defineRule({
  id: 'saturating-stack',
  words: {
    what: '{count} layers of {kind}, one behind the other.',
    why: 'Far from 0 their curves are flat, so that gradients fade from layer to layer and the first ones hardly learn.',
    remedy: 'Use relu, or batch normalization in front of them.'
  },
  lesson: 'vanishing-gradients',
  bad: { layers: stack('sigmoid') },
  good: { layers: stack('relu') },
  find({ layers }) {
    return Object.entries(MANY).flatMap(([name, many]) => {
      const plain = layers.filter(
        (layer) => kindOf(layer) === name && !isEnd(layers, layer) && !sources(layers, layer).some(isNorm)
      );
      const count = longestPath(layers, plain);
      if (count < many) return [];
      const ids = plain.map(({ id }) => id);
      const toRelu = onNetwork('use-kind', { kind: 'relu' }, ({ nodes, edges }) => ({
        nodes: nodes.map((node) => (ids.includes(node.id) ? { id: node.id, kind: 'relu' } : node)),
        edges
      }));
      return [{ node: ids[0]!, path: null, words: { count, kind: name }, fixes: [toRelu] }];
    });
  }
});

/** Of some layers the most that lie on one way through the network; those of branches side by side do not add up. */
function longestPath(layers: readonly ResolvedLayer[], counted: readonly ResolvedLayer[]): number {
  const most = new Map<string, number>();
  for (const layer of layers)
    most.set(layer.id, Math.max(0, ...layer.from.map((id) => most.get(id) ?? 0)) + (counted.includes(layer) ? 1 : 0));
  return Math.max(0, ...most.values());
}
