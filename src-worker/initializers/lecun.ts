import { defineInitializer, fillNormal, fillUniform, rootSpread } from './initializer.ts';

/**
 * LeCun: keeps the variance of activations through linear layers, whatever the gradients do.
 *
 *   Var W = 1 / fanIn
 *
 * Source: LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, section 4.6, eq. 16.
 */
export const lecunNormal = defineInitializer({
  kind: 'lecun-normal',
  help: 'Normal with variance 1 / fan in',
  config: {},
  spread: ({ fanIn }) => rootSpread('σ', 1, fanIn),
  fill: (values, draw) => fillNormal(values, draw, Math.sqrt(1 / draw.fanIn))
});

/** The same variance, uniform: bound √(3 / fanIn). */
export const lecunUniform = defineInitializer({
  kind: 'lecun-uniform',
  help: 'Uniform with variance 1 / fan in',
  config: {},
  spread: ({ fanIn }) => rootSpread('bound', 3, fanIn),
  fill: (values, draw) => fillUniform(values, draw, Math.sqrt(3 / draw.fanIn))
});
