import { choice } from '../contract/fields.ts';
import { defineActivation } from './activation.ts';

/**
 * The normal distribution function Φ(x) as `cdf` and its kernel e^(−x²/2) as `bell`: the tail is a polynomial times the bell,
 * |error| < 7.5e-8.
 *
 * Source: Abramowitz & Stegun 1964, Handbook of Mathematical Functions, 7.1.26 (erf, with x/√2).
 */
const normalCdf = `
  bell = exp(-0.5 * x^2)
  t = 1 / (1 + 0.3275911 * 0.7071067811865476 * abs(x))
  tail = 0.5 * bell * t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  cdf = select(x, 1 - tail, tail)`;

/** √(2/π)·(x + 0.044715·x³), bounded where tanh is 1 anyway. */
const inner = `
  c = max(min(x, 10), -10)
  h = tanh(0.7978845608028654 * (c + 0.044715 * c^3))`;

/**
 * Gaussian error linear unit: y = x·Φ(x), exactly or with the tanh approximation.
 *
 * Source: Hendrycks & Gimpel 2016, arXiv:1606.08415, section 2.
 */
export const gelu = defineActivation({
  kind: 'gelu',
  help: 'x · Φ(x), smooth and slightly negative below 0',
  config: { approximate: choice('none', ['none', 'tanh'], 'Exact, or the faster tanh form') },
  formula: 'y = x\\,\\Phi(x)',
  forward: ({ approximate }) =>
    approximate === 'none' ? `${normalCdf}\n y = x * cdf` : `${inner}\n y = 0.5 * x * (1 + h)`,
  backward: ({ approximate }) =>
    approximate === 'none'
      ? `${normalCdf}\n dx = dy * (cdf + 0.3989422804014327 * x * bell)`
      : `${inner}\n dx = dy * 0.5 * (1 + h + c * (1 - h^2) * 0.7978845608028654 * (1 + 0.134145 * c^2))`
});
