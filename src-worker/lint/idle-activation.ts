import { removeLayer } from '../graph/fixes/network.ts';
import { isActivation, kindOf, sources } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

export const idleActivation = defineRule({
  id: 'idle-activation',
  words: {
    what: '“{layer}” is an activation right behind another, “{before}”.',
    why: 'Without weights in between the two are one function, mostly a flatter one; relu behind relu does nothing at all.',
    remedy: 'Remove one of the two, or put a layer with weights between them.'
  },
  lesson: null,
  bad: { layers: [kind('flatten'), dense(64), kind('relu'), kind('relu'), dense(10)] },
  good: { layers: [kind('flatten'), dense(64), kind('relu'), dense(10)] },
  find: ({ layers }) =>
    layers.flatMap((layer) => {
      const before = isActivation(layer) && !kindOf(layer).endsWith('softmax') ? sources(layers, layer) : [];
      const [other] = before.filter(isActivation);
      if (!other) return [];
      return [
        { node: layer.id, path: null, words: { layer: layer.id, before: other.id }, fixes: [removeLayer(layer.id)] }
      ];
    })
});
