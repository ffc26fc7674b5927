import { freshId, insertOnWire } from '../graph/edit/wires.ts';
import { onNetwork } from '../graph/fixes/network.ts';
import { kindOf, nextThrough } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

/** Source: Goodfellow et al. 2016, Deep Learning, section 6.1: a chain of linear layers is one linear function. */
export const linearStack = defineRule({
  id: 'linear-stack',
  words: {
    what: 'No activation between “{layer}” and “{next}”.',
    why: 'Two dense layers in a row can do no more than a single one: their product is again one table of weights.',
    remedy: 'Put an activation, such as relu, between them.'
  },
  lesson: 'deep-linear',
  bad: { layers: [kind('flatten'), dense(64), dense(10)] },
  good: { layers: [kind('flatten'), dense(64), kind('relu'), dense(10)] },
  find: ({ layers }) =>
    layers.flatMap((layer) => {
      if (kindOf(layer) !== 'dense') return [];
      const behind = nextThrough(layers, layer, (one) => kindOf(one) === 'dropout' || kindOf(one) === 'flatten');
      if (!behind || kindOf(behind) !== 'dense') return [];
      const first = layers.find(({ from }) => from.includes(layer.id))!.id;
      const words = { layer: layer.id, next: behind.id };
      const relu = onNetwork('between', { layer: 'relu', from: layer.id, to: first }, (network) =>
        insertOnWire(network, { id: freshId(network, 'relu'), kind: 'relu' }, [layer.id, first])
      );
      return [{ node: behind.id, path: null, words, fixes: [relu] }];
    })
});
