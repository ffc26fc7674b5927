import { redrawn, scaledRate, standardized, usualRate } from './changes.ts';
import { above, brief, defineHealthRule } from './rule.ts';
import { steady } from './steady.ts';

/** ‖Δw‖ / ‖w‖ of a layer's weights in one step: about 1e-3 is usual, a hundred times that is found. */
const RATIO = { found: 0.1, clear: 0.05 };

/** Source: CS231n, Neural Networks 3, “Ratio of weights:updates”: about 1e-3; higher, and the learning rate is likely too large. */
export const largeUpdates = defineHealthRule({
  id: 'large-updates',
  words: {
    name: 'Updates too large',
    what: 'One step moves the weights of “{layer}” by {percent} % of their length.',
    meaning:
      'About 0.1 % is usual. Steps as long as these forget what was learned before, and leap over every minimum.',
    causes: 'Mostly the learning rate is too large, or the inputs are not normalized.',
    remedy: 'Lower the learning rate to a tenth.'
  },
  hears: ['look'],
  once: true,
  find: ({ looks }) =>
    steady(looks, ({ layers }) =>
      layers.flatMap(({ node, weights }) => {
        const ratio = Math.max(0, ...weights.map((one) => one.ratio ?? 0));
        const state = above(ratio, RATIO);
        return state ? [{ node, values: { percent: brief(100 * ratio) }, state }] : [];
      })
    ),
  remedies: (experiment) => [
    ...standardized(experiment),
    ...usualRate(experiment, 'lower'),
    ...scaledRate(experiment, 0.1),
    ...redrawn(experiment)
  ]
});
