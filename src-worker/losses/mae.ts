import { defineElementwise } from './elementwise.ts';

/**
 * Mean absolute error: l = |z − t|, dl/dz = sign(z − t), with 0 at z = t.
 *
 * Shapes: z, t (B, T); the mean is over all elements.
 */
export const mae = defineElementwise({
  kind: 'mae',
  help: 'Mean absolute error: outliers weigh no more than their distance',
  config: {},
  loss: 'l = abs(z - t)',
  gradient: 'g = sign(z - t)',
  yes: 0.5
});
