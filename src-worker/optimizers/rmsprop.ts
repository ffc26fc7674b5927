import { flag, type Kinded } from '../contract/fields.ts';
import { decay, epsilon, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * RMSProp: AdaGrad that forgets, so that steps do not shrink for good.
 *
 * Source: Tieleman & Hinton 2012, Neural Networks for Machine Learning, lecture 6.5; ε outside the root
 * unless it is said.
 */
export const rmsprop: OptimizerDefinition = {
  kind: 'rmsprop',
  help: 'Gradients divided by a running average of their size',
  config: {
    learningRate: learningRate(0.001),
    rho: decay(0.9, 'Memory of the squared gradient, ρ'),
    eps: epsilon(1e-8),
    epsInside: flag(false, 'Add ε under the root instead of behind it')
  },
  state: ['v'],
  perStep(_, settings: Kinded) {
    const { eps, epsInside } = settings as unknown as { eps: number; epsInside: boolean };
    return { inside: epsInside ? eps : 0, outside: epsInside ? 0 : eps };
  },
  update: `
    v = rho * v + (1 - rho) * g^2
    w = w - learningRate * g / (sqrt(v + inside) + outside)`
};
