import { decay, epsilon, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * Adamax: Adam with the largest recent gradient in place of the root of the average square.
 *
 * Source: Kingma & Ba 2015, arXiv:1412.6980, algorithm 2; ε added to |g| so that nothing is divided by 0.
 */
export const adamax: OptimizerDefinition = {
  kind: 'adamax',
  help: 'Adam scaled by the largest recent gradient',
  config: {
    learningRate: learningRate(0.002),
    beta1: decay(0.9, 'Memory of the gradient, β₁'),
    beta2: decay(0.999, 'Memory of its size, β₂'),
    eps: epsilon(1e-8)
  },
  state: ['m', 'u'],
  update: `
    m = beta1 * m + (1 - beta1) * g
    u = max(beta2 * u, abs(g) + eps)
    w = w - (learningRate / (1 - beta1^t)) * m / u`
};
