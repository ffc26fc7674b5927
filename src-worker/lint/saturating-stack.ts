import { onNetwork } from '../graph/fixes/network.ts';
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
    why: 'Far from 0 they are flat, so that gradients fade from layer to layer and the first ones hardly learn.',
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
      if (plain.length < many) return [];
      const ids = plain.map(({ id }) => id);
      const toRelu = onNetwork('use-kind', { kind: 'relu' }, ({ nodes, edges }) => ({
        nodes: nodes.map((node) => (ids.includes(node.id) ? { id: node.id, kind: 'relu' } : node)),
        edges
      }));
      return [{ node: ids[0]!, path: null, words: { count: ids.length, kind: name }, fixes: [toRelu] }];
    });
  }
});
