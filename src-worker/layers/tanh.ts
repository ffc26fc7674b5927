import { defineActivation } from './activation.ts';

/** Hyperbolic tangent: y between −1 and 1, dy/dx = 1 − y². */
export const tanh = defineActivation({
  kind: 'tanh',
  help: 'Hyperbolic tangent, between −1 and 1',
  config: {},
  formula: 'y = \\tanh x = \\dfrac{e^x - e^{-x}}{e^x + e^{-x}}',
  forward: 'y = tanh(x)',
  backward: 'dx = dy * (1 - y^2)'
});
