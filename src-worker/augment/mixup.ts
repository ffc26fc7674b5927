import { number } from '../contract/fields.ts';
import type { Random } from '../data/random.ts';
import { defineMix } from './augmentation.ts';

/**
 * Mixes two examples and their targets: x = λ·x₁ + (1 − λ)·x₂, λ ~ Beta(α, α).
 *
 * Source: Zhang, Cissé, Dauphin & Lopez-Paz 2018, mixup: Beyond Empirical Risk Minimization, arXiv:1710.09412, section 2.
 */
export const mixup = defineMix({
  kind: 'mixup',
  help: 'Mix two examples and their targets',
  config: {
    alpha: number(0.2, 'α: near 0 one of the two prevails, 1 makes every mixture as likely', { min: 0.01, max: 100 })
  },

  /** G₁ / (G₁ + G₂) of two gamma numbers, in logarithms: for small α both may be smaller than the smallest double. */
  mix: (random, { alpha }) => 1 / (1 + Math.exp(logGamma(alpha, random) - logGamma(alpha, random)))
});

/**
 * ln G with G ~ Gamma(α, 1), as ln G′ + ln(U)/α with G′ ~ Gamma(α + 1, 1).
 *
 * Source: Marsaglia & Tsang 2000, A Simple Method for Generating Gamma Variables, ACM TOMS 26(3), with its remark on α < 1.
 */
function logGamma(alpha: number, random: Random): number {
  const d = alpha + 2 / 3; // α + 1 − 1/3
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    const u = 1 - random.uniform(); // never 0
    if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return Math.log(d * v) + Math.log(1 - random.uniform()) / alpha;
  }
}
