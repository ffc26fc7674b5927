import { flag, number, type Kinded } from '../contract/fields.ts';
import { decay, epsilon, learningRate, type OptimizerDefinition } from './optimizer.ts';

interface NadamSettings {
  readonly beta1: number;
  readonly momentumDecay: number;
  readonly warmMomentum: boolean;
}

/** μ of step t: from about β₁/2 up to β₁, or β₁ all the time. */
const momentumAt = (t: number, { beta1, momentumDecay, warmMomentum }: NadamSettings): number =>
  warmMomentum ? beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay)) : beta1;

/** Below e to this power a product no longer changes 1 − product in float64. */
const NEGLIGIBLE = -40;
/** 2⁻ᵏ/k is below the precision of float64 from here on. */
const TERMS = 55;

/**
 * The product μ₁ ⋯ μ_t, by its logarithm, without going through the steps before: with q = 0.96^momentumDecay
 *
 *   Σᵢ ln(1 − ½qⁱ) = − Σₖ 2⁻ᵏ/k · Σᵢ qⁱᵏ        Σᵢ qⁱᵏ = (1 − qᵗᵏ) / (q⁻ᵏ − 1), or t for q = 1
 */
function productUpTo(t: number, { beta1, momentumDecay, warmMomentum }: NadamSettings): number {
  let log = t * Math.log(beta1);
  if (log < NEGLIGIBLE) return 0;
  const perStep = -momentumDecay * Math.log(0.96);
  for (let k = 1; warmMomentum && k <= TERMS; k++)
    log -= (0.5 ** k / k) * (perStep === 0 ? t : -Math.expm1(-t * k * perStep) / Math.expm1(k * perStep));
  return Math.exp(log);
}

/**
 * Nadam: Adam that looks ahead as Nesterov's momentum does.
 *
 *   m̂ = μ_{t+1}·m / (1 − Π μ_i up to t+1) + (1 − μ_t)·g / (1 − Π μ_i up to t)       w ← w − α·m̂ / (√v̂ + ε)
 *
 * Source: Dozat 2016, Incorporating Nesterov Momentum into Adam, ICLR workshop, algorithm 2.
 */
export const nadam: OptimizerDefinition = {
  kind: 'nadam',
  help: 'Adam that looks one step ahead',
  config: {
    learningRate: learningRate(0.002),
    beta1: decay(0.9, 'Memory of the gradient, β₁'),
    beta2: decay(0.999, 'Memory of its square, β₂'),
    momentumDecay: number(0.004, 'How fast the momentum rises to β₁', { min: 0, max: 1 }),
    warmMomentum: flag(true, 'Let the momentum rise, as in the paper; else it is β₁ from the start'),
    eps: epsilon(1e-8)
  },
  state: ['m', 'v'],
  perStep(t, settings: Kinded) {
    const known = settings as unknown as NadamSettings;
    const mu = momentumAt(t, known);
    const ahead = momentumAt(t + 1, known) / (1 - productUpTo(t + 1, known));
    return { ahead, here: (1 - mu) / (1 - productUpTo(t, known)) };
  },
  update: `
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g^2
    w = w - learningRate * (ahead * m + here * g) / (sqrt(v) * (1 / sqrt(1 - beta2^t)) + eps)`
};
