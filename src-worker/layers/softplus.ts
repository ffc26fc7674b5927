import { defineActivation } from './activation.ts';

/**
 * Softplus: y = log(1 + eˣ), a smooth relu, written so that no exponential overflows. dy/dx is the sigmoid of x.
 *
 * Source: Dugas et al. 2001, Incorporating Second-Order Functional Knowledge for Better Option Pricing.
 */
export const softplus = defineActivation({
  kind: 'softplus',
  help: 'log(1 + eˣ), a smooth relu',
  config: {},
  formula: 'y = \\ln(1 + e^x)',
  forward: 'y = max(x, 0) + log(1 + exp(-abs(x)))',
  backward: 'dx = dy / (1 + exp(-x))'
});
