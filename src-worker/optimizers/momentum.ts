import { flag, type Kinded } from '../contract/fields.ts';
import { decay, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * Gradient descent with momentum: steps add up where gradients agree and cancel where they swing. The learning rate stays outside v,
 * so changing it acts at once.
 *
 * Source: Sutskever et al. 2013, On the importance of initialization and momentum in deep learning, eq. 1–2 (there with the rate inside).
 */
export const momentum: OptimizerDefinition = {
  kind: 'momentum',
  help: 'Gradient descent that keeps part of its last step',
  config: {
    learningRate: learningRate(0.01),
    momentum: decay(0.9, 'Share of the last step that is kept, μ'),
    average: flag(false, 'Take the average of the gradients, with (1 − μ)·g, instead of their sum')
  },
  state: ['v'],
  perStep(_, settings: Kinded) {
    const { momentum, average } = settings as unknown as { momentum: number; average: boolean };
    return { fresh: average ? 1 - momentum : 1 };
  },
  update: `
    v = momentum * v + fresh * g
    w = w - learningRate * v`
};
