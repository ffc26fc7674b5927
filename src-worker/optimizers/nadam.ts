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

/** The products μ₁ ⋯ μ_t, by settings; each is found from the one before. */
const products = new Map<string, number[]>();

function productUpTo(t: number, settings: NadamSettings): number {
  const { beta1, momentumDecay, warmMomentum } = settings;
  const key = `${beta1} ${momentumDecay} ${warmMomentum}`;
  const known = products.get(key) ?? [1];
  products.set(key, known);
  while (known.length <= t) known.push(known.at(-1)! * momentumAt(known.length, settings));
  return known[t]!;
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
