import { decay, epsilon, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * Adam: a step of about α for every weight, from running averages of the gradient and of its square, freed from their start at zero.
 *
 * Source: Kingma & Ba 2015, Adam: A Method for Stochastic Optimization, arXiv:1412.6980, algorithm 1.
 */
export const adam: OptimizerDefinition = {
  kind: 'adam',
  help: 'Step sizes of its own for every weight, from averages of gradients and their squares',
  config: {
    learningRate: learningRate(0.001),
    beta1: decay(0.9, 'Memory of the gradient, β₁'),
    beta2: decay(0.999, 'Memory of its square, β₂'),
    eps: epsilon(1e-8)
  },
  state: ['m', 'v'],
  update: `
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g^2
    w = w - (learningRate / (1 - beta1^t)) * m / (sqrt(v) * (1 / sqrt(1 - beta2^t)) + eps)`
};
