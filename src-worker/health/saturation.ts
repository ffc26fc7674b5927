import { normalizedAt, rectified, redrawn, scaledRate, standardized } from './changes.ts';
import { endsAmong } from './gradient-norms.ts';
import { above, defineHealthRule, percent } from './rule.ts';
import { steady } from './steady.ts';

/** Share of the values of a layer inside the network. Where nothing is wrong it grows while a network learns, but was below 0.6. */
const SHARE = { found: 0.8, clear: 0.65 };

/**
 * Sigmoid or tanh layers far out where their curve is flat: see observe/units.ts for where that begins.
 *
 * Source: Glorot & Bengio 2010, AISTATS, section 3 (saturation of sigmoid and tanh layers). The thresholds are ours: see docs/health.md.
 */
export const saturation = defineHealthRule({
  id: 'saturation',
  words: {
    name: 'Saturated units',
    what: '{percent} % of the values of “{layer}” lie where the curve of {kind} is flat.',
    meaning:
      'A flat curve lets hardly any gradient through, so that what stands in front of it learns slowly or not at all.',
    causes: 'Mostly the first weights are too large, the inputs are not normalized, or the learning rate is too large.',
    remedy:
      'Draw the first weights by Xavier’s rule, standardize the inputs, put batch normalization in front, or use relu.'
  },
  hears: ['look'],
  find: ({ looks, experiment }) =>
    steady(looks, ({ layers }) => {
      const ends = endsAmong(layers, experiment.network);
      return layers.flatMap(({ node, kind, saturated }) => {
        if (saturated === undefined || ends.has(node)) return [];
        const state = above(saturated, SHARE);
        return state ? [{ node, values: { percent: percent(saturated), kind }, state }] : [];
      });
    }),
  remedies: (experiment, node) => [
    ...redrawn(experiment),
    ...standardized(experiment),
    ...normalizedAt(experiment, node),
    ...scaledRate(experiment, 0.1),
    ...rectified(experiment)
  ]
});
