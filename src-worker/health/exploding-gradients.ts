import { clipped, normalized, redrawn, scaledRate, standardized } from './changes.ts';
import { gradientNorms } from './gradient-norms.ts';
import { above, brief, defineHealthRule } from './rule.ts';
import { steady } from './steady.ts';

/** Length of the gradient by that at the outputs. Where nothing is wrong it stays within some factor of 10, also when all is learned. */
const TIMES = { found: 100, clear: 30 };

/**
 * The gradient grows from layer to layer on its way back.
 *
 * Source: Glorot & Bengio 2010, AISTATS, section 4.2; Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063, section 2 (products of
 * Jacobians), 3.2 (clipping). The thresholds are ours: see docs/health.md.
 */
export const explodingGradients = defineHealthRule({
  id: 'exploding-gradients',
  words: {
    name: 'Exploding gradients',
    what: 'The gradient at “{layer}” is {times} times as long as at the output.',
    meaning:
      'It grows from layer to layer on its way back: the first layers are thrown about where the last ones hardly move.',
    causes: 'Mostly the first weights are too large for so many layers, or the inputs are.',
    remedy:
      'Draw the first weights by He’s or Xavier’s rule, put batch normalization in front of the activations, or clip the gradients.'
  },
  hears: ['look'],
  once: true,
  find: ({ looks, experiment }) =>
    steady(looks, (look) =>
      gradientNorms(look, experiment.network).flatMap(({ node, ratio }) => {
        const state = above(ratio, TIMES);
        return state ? [{ node, values: { times: brief(ratio) }, state }] : [];
      })
    ),
  remedies: (experiment) => [
    ...redrawn(experiment),
    ...standardized(experiment),
    ...normalized(experiment),
    ...clipped(experiment),
    ...scaledRate(experiment, 0.1)
  ]
});
