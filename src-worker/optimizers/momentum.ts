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
  config: { learningRate: learningRate(0.01), momentum: decay(0.9, 'Share of the last step that is kept, μ') },
  state: ['v'],
  update: `
    v = momentum * v + g
    w = w - learningRate * v`
};
