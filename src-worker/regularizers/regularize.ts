/**
 * Penalties and limits on the weights, as lines around an optimizer's update rule.
 *
 *   half          λ₁ Σ|w| + λ₂/2 Σw²            gradient λ₁ sign(w) + λ₂ w
 *   whole         λ₁ Σ|w| + λ₂ Σw²              gradient λ₁ sign(w) + 2 λ₂ w
 *   per-example   (λ₁ Σ|w| + λ₂ Σw²) / (2m)     gradient λ₁/(2m) sign(w) + λ₂/m w      m: size of the mini-batch
 *
 * L1 acts as a proximal step behind the update, which shortens every weight by α·λ₁ and stops at 0: following its gradient instead,
 * a weight would jitter around 0 and never be exactly there.
 *
 * Source: L1 and L2: Goodfellow et al. 2016, Deep Learning, section 7.1; proximal step (soft thresholding): Parikh & Boyd 2014, Proximal
 * Algorithms, section 6.5.2; decoupled decay: Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 1.
 */
import type { ClipSpec, RegularizeSpec } from '../contract/experiment.ts';

/** Factors of Σ|w| and Σw² in the penalty. */
export function penaltyOf({ l1, l2, form }: RegularizeSpec, batchSize: number): { l1: number; l2: number } {
  switch (form) {
    case 'half':
      return { l1, l2: l2 / 2 };
    case 'whole':
      return { l1, l2 };
    case 'per-example':
      return { l1: l1 / (2 * batchSize), l2: l2 / (2 * batchSize) };
    default:
      return form satisfies never;
  }
}

/** The penalty and its gradient, with factors `l1` and `l2` of Σ|w| and Σw². */
export const penalty = 'penalty = l1 * abs(w) + l2 * w^2';
export const penaltyGradient = 'dw = l1 * sign(w) + 2 * l2 * w';

/** `update` reads the gradient as `g` and knows `w`, `learningRate` and the states. */
export function regularizedUpdate(
  update: string,
  { l1, l2 }: { l1: number; l2: number },
  { decay, clip }: { decay: number; clip: ClipSpec | null }
): { text: string; constants: Record<string, number> } {
  const limit = clip?.kind === 'value' ? clip.limit : 0;
  const lines = [
    limit > 0 ? 'g = max(min(gradient, limit), -limit)' : 'g = gradient',
    ...(l2 > 0 ? ['g = g + 2 * l2 * w'] : []),
    ...(decay > 0 ? ['w = w * (1 - learningRate * decay)'] : []),
    update,
    ...(l1 > 0 ? ['w = sign(w) * max(abs(w) - learningRate * l1, 0)'] : [])
  ];
  const used = { l1, l2, decay, limit };
  return {
    text: lines.join('\n'),
    constants: Object.fromEntries(Object.entries(used).filter(([, value]) => value > 0))
  };
}
