import { removeLayer } from '../graph/fixes/network.ts';
import { followers, isActivation, kindOf } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

export const dropoutOnOutput = defineRule({
  id: 'dropout-on-output',
  words: {
    what: '“{layer}” drops values of the output.',
    why: 'The loss then judges answers that were never given: a dropped output counts as 0, whatever the network says.',
    remedy: 'Put it in front of the last dense layer, or remove it.'
  },
  lesson: 'dropout',
  bad: { layers: [kind('flatten'), dense(10), kind('dropout')] },
  good: { layers: [kind('flatten'), dense(64), kind('relu'), kind('dropout'), dense(10)] },
  find({ layers }) {
    const isLast = (layer: (typeof layers)[number]): boolean =>
      followers(layers, layer).every((next) => (isActivation(next) || next.definition.view === true) && isLast(next));
    return layers
      .filter((layer) => kindOf(layer) === 'dropout' && isLast(layer))
      .map(({ id }) => ({ node: id, path: null, words: { layer: id }, fixes: [removeLayer(id)] }));
  }
});
