import { hasLearned } from './progress.ts';
import { redrawn, scaledRate, usualRate } from './changes.ts';
import { below, brief, defineHealthRule } from './rule.ts';
import type { LayersEvent } from '../contract/layers.ts';

/** ‖Δw‖ / ‖w‖ of the weights that move most, in one step: about 1e-3 is usual, a hundredth of that is found. */
const RATIO = { found: 1e-5, clear: 3e-5 };

/** null: not known, as before the first step. */
function largestRatio({ layers }: LayersEvent): number | null {
  const ratios = layers.flatMap(({ weights }) => weights.flatMap(({ ratio }) => ratio ?? []));
  return ratios.length > 0 ? Math.max(...ratios) : null;
}

/**
 * Nothing moves, although there is still everything to learn.
 *
 * Source: CS231n, Neural Networks 3, “Ratio of weights:updates”: about 1e-3; lower, and the learning rate may be too small.
 */
export const smallUpdates = defineHealthRule({
  id: 'small-updates',
  words: {
    name: 'Updates too small',
    what: 'One step moves no layer’s weights by more than {ratio} of their length.',
    meaning: 'About 0.001 is usual. At this pace nothing will be learned in any time that one would wait.',
    causes: 'Mostly the learning rate is too small, or the gradients have vanished.',
    remedy: 'Raise the learning rate to what is usual for the optimizer.'
  },
  hears: ['look'],
  once: true,
  find(seen) {
    const [before, now] = seen.looks.slice(-2).map(largestRatio);
    if (before == null || now == null || hasLearned(seen)) return [];
    const state = below(Math.max(before, now), RATIO);
    return state ? [{ node: null, values: { ratio: brief(now) }, state }] : [];
  },
  remedies: (experiment) => [...usualRate(experiment, 'higher'), ...scaledRate(experiment, 10), ...redrawn(experiment)]
});
