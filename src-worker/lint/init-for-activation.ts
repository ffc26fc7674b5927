import { setLayer } from '../graph/fixes/network.ts';
import { followers, initOf, isWeighted, kindOf, next, shownPath } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

/** Which rule was derived for which activation; for the others there is none. */
const ruleFor: Readonly<Record<string, string>> = { relu: 'he', 'leaky-relu': 'he', tanh: 'xavier', sigmoid: 'xavier' };
const other: Readonly<Record<string, readonly string[]>> = { he: ['xavier', 'lecun'], xavier: ['he'] };
const named: Readonly<Record<string, string>> = { he: 'He', xavier: 'Xavier', lecun: 'LeCun' };

const chain = (init: string) => [kind('flatten'), dense(64, { init }), kind('relu'), dense(10)];

/** Source: He et al. 2015, arXiv:1502.01852, section 2.2, for rectifiers; Glorot & Bengio 2010, AISTATS, section 4.2, for tanh. */
export const initForActivation = defineRule({
  id: 'init-for-activation',
  words: {
    what: '“{layer}” has initial weights by {rule}’s rule, but {kind} follows.',
    why: 'Relu halves the variance, which He’s rule makes good and Xavier’s does not; with tanh and sigmoid it is the other way round.',
    remedy: 'Use {better}’s rule.'
  },
  lesson: 'initial-weights',
  bad: { layers: chain('xavier-normal') },
  good: { layers: chain('he-normal') },
  find: ({ layers }) =>
    layers.flatMap((layer) => {
      const behind = isWeighted(layer) ? next(layers, layer) : null;
      // What follows the last layer is told by other rules.
      const wanted = behind && followers(layers, behind).length > 0 ? ruleFor[kindOf(behind)] : undefined;
      const [rule, shape] = (initOf(layer)?.kind ?? '').split('-') as [string, string?];
      if (!wanted || !behind || !other[wanted]!.includes(rule)) return [];
      const words = { layer: layer.id, rule: named[rule]!, kind: kindOf(behind), better: named[wanted]! };
      const fixes = [setLayer(layer.id, { init: `${wanted}-${shape ?? 'normal'}` })];
      return [{ node: layer.id, path: shownPath(layer, 'init'), words, fixes }];
    })
});
