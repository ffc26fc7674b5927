import { decay, epsilon, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * RMSProp: AdaGrad that forgets, so that steps do not shrink for good.
 *
 * Source: Tieleman & Hinton 2012, Neural Networks for Machine Learning, lecture 6.5; ε outside the root.
 */
export const rmsprop: OptimizerDefinition = {
  kind: 'rmsprop',
  help: 'Gradients divided by a running average of their size',
  config: {
    learningRate: learningRate(0.001),
    rho: decay(0.9, 'Memory of the squared gradient, ρ'),
    eps: epsilon(1e-8)
  },
  state: ['v'],
  update: `
    v = rho * v + (1 - rho) * g^2
    w = w - learningRate * g / (sqrt(v) + eps)`
};
