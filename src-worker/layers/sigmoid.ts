import { defineActivation } from './activation.ts';

/** Logistic function: y = 1 / (1 + e⁻ˣ), dy/dx = y·(1 − y). */
export const sigmoid = defineActivation({
  kind: 'sigmoid',
  help: '1 / (1 + e⁻ˣ), between 0 and 1',
  config: {},
  formula: 'y = \\dfrac{1}{1 + e^{-x}}',
  forward: 'y = 1 / (1 + exp(-x))',
  backward: 'dx = dy * y * (1 - y)'
});
