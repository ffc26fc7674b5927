import { number } from '../contract/fields.ts';
import { epsilon, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * AdaGrad: a weight that has had large gradients takes smaller steps, for good.
 *
 * Source: Duchi, Hazan & Singer 2011, JMLR 12, eq. 1 with the diagonal of G.
 */
export const adagrad: OptimizerDefinition = {
  kind: 'adagrad',
  help: 'Steps that shrink with the sum of squared gradients',
  config: {
    learningRate: learningRate(0.01),
    initialSum: number(0, 'What the sum of squares starts from', { min: 0 }),
    eps: epsilon(1e-10)
  },
  state: ['s'],
  update: `
    s = s + g^2
    w = w - learningRate * g / (sqrt(s + initialSum) + eps)`
};
