import { defineInitializer, fillNormal, fillUniform, rootSpread } from './initializer.ts';

/**
 * Xavier (Glorot): keeps the variance of activations and of gradients through layers that are nearly linear.
 *
 *   Var W = 2 / (fanIn + fanOut)
 *
 * Source: Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks, eq. 12 and 16.
 */
export const xavierNormal = defineInitializer({
  kind: 'xavier-normal',
  help: 'Normal with variance 2 / (fan in + fan out); for tanh and sigmoid',
  config: {},
  spread: ({ fanIn, fanOut }) => rootSpread('σ', 2, fanIn + fanOut),
  fill: (values, draw) => fillNormal(values, draw, Math.sqrt(2 / (draw.fanIn + draw.fanOut)))
});

/** The same variance, uniform: bound √(6 / (fanIn + fanOut)). */
export const xavierUniform = defineInitializer({
  kind: 'xavier-uniform',
  help: 'Uniform with variance 2 / (fan in + fan out); for tanh and sigmoid',
  config: {},
  spread: ({ fanIn, fanOut }) => rootSpread('bound', 6, fanIn + fanOut),
  fill: (values, draw) => fillUniform(values, draw, Math.sqrt(6 / (draw.fanIn + draw.fanOut)))
});
