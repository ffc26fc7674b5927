import { clipped, redrawn, scaledRate, standardized, usualRate } from './changes.ts';
import { defineHealthRule } from './rule.ts';

/** The loss is not finite: the run has ended before the update that this would have made, and where it broke was looked for. */
export const diverged = defineHealthRule({
  id: 'diverged',
  words: {
    name: 'Diverged',
    what: 'At step {step} the loss was no longer a number.',
    meaning: 'Values or weights have grown beyond what can be computed with; the weights are those from before.',
    causes:
      'Mostly it is a learning rate that is far too large, or inputs and first weights of a size that grows from layer to layer.',
    remedy: 'Lower the learning rate to a tenth, standardize the inputs, or clip the gradients.'
  },
  hears: ['end'],
  find({ end }) {
    if (end?.status !== 'diverged') return [];
    const { step, node, tensor } = end.diverged ?? { step: end.step, node: null, tensor: null };
    return [{ node, values: { step, ...(tensor !== null && { tensor }) }, state: 'found' }];
  },
  remedies: (experiment) => [
    ...redrawn(experiment),
    ...standardized(experiment),
    ...usualRate(experiment, 'lower'),
    ...scaledRate(experiment, 0.1),
    ...clipped(experiment)
  ]
});
