import { setLayer } from '../graph/fixes/network.ts';
import { kindOf, settingOf, shownPath } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

const MOST = 0.5;
const chain = (rate: number) => [kind('flatten'), dense(64), kind('relu'), kind('dropout', { rate }), dense(10)];

/** Source: Srivastava et al. 2014, Dropout, JMLR 15, appendix A.4: typical rates for hidden units are 0.2 to 0.5. */
export const dropoutRate = defineRule({
  id: 'dropout-rate',
  words: {
    what: '“{layer}” leaves out {percent} % of the values.',
    why: 'Above one half, and surely above 0.7, most units learn nothing in most steps, so that the network underfits.',
    remedy: 'Use a rate from 0.2 to 0.5.'
  },
  lesson: 'dropout',
  bad: { layers: chain(0.7) },
  good: { layers: chain(0.5) },
  find: ({ layers }) =>
    layers
      .filter((layer) => kindOf(layer) === 'dropout' && Number(settingOf(layer, 'rate')) > MOST)
      .map((layer) => ({
        node: layer.id,
        path: shownPath(layer, 'rate'),
        words: { layer: layer.id, percent: Math.round(100 * Number(settingOf(layer, 'rate'))) },
        fixes: [setLayer(layer.id, { rate: MOST })]
      }))
});
