import { removeLayer } from '../graph/fixes/network.ts';
import { kindOf, sources } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

/** Curriculum of the lab: no dropout on the inputs. */
export const dropoutOnInput = defineRule({
  id: 'dropout-on-input',
  words: {
    what: '“{layer}” drops values of the examples themselves.',
    why: 'What is left out there is lost to all layers; dropout is meant for hidden units, of which many say nearly the same.',
    remedy: 'Put it behind a hidden layer, or remove it.'
  },
  lesson: 'dropout',
  bad: { layers: [kind('dropout', { rate: 0.2 }), kind('flatten'), dense(10)] },
  good: { layers: [kind('flatten'), dense(64), kind('relu'), kind('dropout'), dense(10)] },
  find({ layers }) {
    const isRaw = (layer: (typeof layers)[number]): boolean =>
      kindOf(layer) === 'input' || (layer.definition.view === true && sources(layers, layer).every(isRaw));
    return layers
      .filter((layer) => kindOf(layer) === 'dropout' && sources(layers, layer).every(isRaw))
      .map(({ id }) => ({ node: id, path: null, words: { layer: id }, fixes: [removeLayer(id)] }));
  }
});
