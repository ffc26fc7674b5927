import { defineElementwise } from './elementwise.ts';

/**
 * Mean squared error: l = (z − t)², dl/dz = 2·(z − t).
 *
 * Shapes: z, t (B, T); the mean is over all elements.
 * Source: Goodfellow et al. 2016, Deep Learning, eq. 5.4.
 */
export const mse = defineElementwise({
  kind: 'mse',
  help: 'Mean squared error',
  config: {},
  loss: 'l = (z - t)^2',
  gradient: 'g = 2 * (z - t)',
  yes: 0.5
});
