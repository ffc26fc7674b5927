import { defineInitializer, fillNormal, fillUniform, rootSpread } from './initializer.ts';

/**
 * He (Kaiming): keeps the variance through layers followed by relu, which halves it.
 *
 *   Var W = 2 / fanIn
 *
 * Source: He et al. 2015, Delving Deep into Rectifiers, arXiv:1502.01852, eq. 10.
 */
export const heNormal = defineInitializer({
  kind: 'he-normal',
  help: 'Normal with variance 2 / fan in; for relu',
  config: {},
  spread: ({ fanIn }) => rootSpread('σ', 2, fanIn),
  fill: (values, draw) => fillNormal(values, draw, Math.sqrt(2 / draw.fanIn))
});

/** The same variance, uniform: bound √(6 / fanIn). */
export const heUniform = defineInitializer({
  kind: 'he-uniform',
  help: 'Uniform with variance 2 / fan in; for relu',
  config: {},
  spread: ({ fanIn }) => rootSpread('bound', 6, fanIn),
  fill: (values, draw) => fillUniform(values, draw, Math.sqrt(6 / draw.fanIn))
});
