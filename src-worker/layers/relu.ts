import { defineActivation } from './activation.ts';

/**
 * Rectified linear unit: y = max(0, x). Its derivative at 0 is taken as 0.
 *
 * Source: Glorot, Bordes & Bengio 2011, Deep Sparse Rectifier Neural Networks.
 */
export const relu = defineActivation({
  kind: 'relu',
  help: 'max(0, x)',
  config: {},
  formula: 'y = \\max(0, x)',
  forward: 'y = max(x, 0)',
  backward: 'dx = select(y, dy, 0)'
});
