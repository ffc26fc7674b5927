import { decay, learningRate, type OptimizerDefinition } from './optimizer.ts';

/**
 * Nesterov's accelerated gradient: momentum that looks ahead by the step it is about to take.
 *
 * Source: Sutskever et al. 2013, On the importance of initialization and momentum in deep learning, eq. 3–4, in the form that needs
 * the gradient at w alone (Bengio, Boulanger-Lewandowski & Pascanu 2012, arXiv:1212.0901, eq. 7).
 */
export const nesterov: OptimizerDefinition = {
  kind: 'nesterov',
  help: 'Momentum that looks ahead',
  config: { learningRate: learningRate(0.01), momentum: decay(0.9, 'Share of the last step that is kept, μ') },
  state: ['v'],
  update: `
    v = momentum * v + g
    w = w - learningRate * (g + momentum * v)`
};
