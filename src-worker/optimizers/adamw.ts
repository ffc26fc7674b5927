import { number } from '../contract/fields.ts';
import { decay, epsilon, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * AdamW: Adam with the weight decay kept out of the gradient.
 *
 * Source: Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2 (with the schedule multiplier inside the learning rate).
 */
export const adamw: OptimizerDefinition = {
  kind: 'adamw',
  help: 'Adam with weight decay of its own',
  config: {
    learningRate: learningRate(0.001),
    beta1: decay(0.9, 'Memory of the gradient, β₁'),
    beta2: decay(0.999, 'Memory of its square, β₂'),
    eps: epsilon(1e-8),
    weightDecay: number(0.01, 'Share of the weight taken off, times the learning rate, λ', {
      min: 0,
      max: 10,
      scale: 'log'
    })
  },
  state: ['m', 'v'],
  update: `
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g^2
    w = (1 - learningRate * weightDecay) * w - (learningRate / (1 - beta1^t)) * m / (sqrt(v) * (1 / sqrt(1 - beta2^t)) + eps)`
};
