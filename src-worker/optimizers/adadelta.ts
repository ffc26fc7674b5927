import { decay, epsilon, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * Adadelta: the step has the units of the weight, from running averages of squared gradients (s) and of squared steps (u).
 *
 * Source: Zeiler 2012, arXiv:1212.5701, algorithm 1; ε inside both roots.
 */
export const adadelta: OptimizerDefinition = {
  kind: 'adadelta',
  help: 'Step sizes from the size of earlier steps',
  config: { learningRate: learningRate(1), rho: decay(0.9, 'Memory of both averages, ρ'), eps: epsilon(1e-6) },
  state: ['s', 'u'],
  update: `
    s = rho * s + (1 - rho) * g^2
    d = sqrt(u + eps) / sqrt(s + eps) * g
    u = rho * u + (1 - rho) * d^2
    w = w - learningRate * d`
};
