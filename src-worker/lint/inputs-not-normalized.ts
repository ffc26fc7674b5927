import { settingAt } from '../graph/fixes/mender.ts';
import { isNorm, kindOf, next } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

const layers = [kind('flatten'), dense(10)];

/** Source: LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, section 4.3. */
export const inputsNotNormalized = defineRule({
  id: 'inputs-not-normalized',
  words: {
    what: 'The examples come in as they are.',
    why: 'Where inputs differ in size, so do their gradients: the loss is a long narrow valley, and no learning rate suits all weights.',
    remedy: 'Standardize them.'
  },
  lesson: 'normalization',
  bad: { layers, data: { normalize: 'none' } },
  good: { layers, data: { normalize: 'standardize' } },
  find({ experiment, layers }) {
    const input = layers.find((layer) => kindOf(layer) === 'input');
    const first = input ? next(layers, input) : null;
    const isFine = experiment.data.normalize !== 'none' || layers.some(({ definition }) => definition.readsIds);
    if (isFine || !input || (first && isNorm(first))) return [];
    const path = 'data.normalize';
    return [{ node: input.id, path, fixes: [settingAt(path.split('.'), path, 'standardize')] }];
  }
});
