import { normalized, rectified, redrawn } from './changes.ts';
import { gradientNorms } from './gradient-norms.ts';
import { below, brief, defineHealthRule } from './rule.ts';
import { steady } from './steady.ts';

/** Length of the gradient by that at the outputs. Each sigmoid layer leaves a quarter at best: some five make a thousandth. */
const SHARE = { found: 1e-3, clear: 1e-2 };

/**
 * The gradient is lost on its way back, so that the first layers do not learn.
 *
 * Source: Glorot & Bengio 2010, AISTATS, section 4.2; Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063, section 2. The thresholds are
 * ours: see docs/health.md.
 */
export const vanishingGradients = defineHealthRule({
  id: 'vanishing-gradients',
  words: {
    name: 'Vanishing gradients',
    what: 'Of the gradient at the output a share of {share} comes to “{layer}”.',
    meaning:
      'It is lost from layer to layer on its way back: the first layers hardly learn, whatever the last ones do.',
    causes:
      'Mostly there are many sigmoid or tanh layers, first weights that are too small, or units that have died in between.',
    remedy:
      'Use relu, draw the first weights by He’s or Xavier’s rule, or put batch normalization in front of the activations.'
  },
  hears: ['look'],
  once: true,
  find: ({ looks, experiment }) =>
    steady(looks, (look) =>
      gradientNorms(look, experiment.network).flatMap(({ node, ratio }) => {
        const state = below(ratio, SHARE);
        return state ? [{ node, values: { share: brief(ratio) }, state }] : [];
      })
    ),
  remedies: (experiment) => [...redrawn(experiment), ...rectified(experiment), ...normalized(experiment)]
});
