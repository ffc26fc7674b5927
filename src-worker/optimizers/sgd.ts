import { learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * Gradient descent on the mini-batch; with the whole training set as one batch it is plain gradient descent.
 *
 * Source: Goodfellow et al. 2016, Deep Learning, algorithm 8.1.
 */
export const sgd: OptimizerDefinition = {
  kind: 'sgd',
  help: 'Straight down the gradient of the mini-batch',
  config: { learningRate: learningRate(0.01) },
  state: [],
  update: 'w = w - learningRate * g'
};
