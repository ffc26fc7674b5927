import { describe, expect, it } from 'vitest';
import { nadam } from '../../../src-worker/optimizers/nadam.ts';

const settingsOf = (changes: Record<string, unknown>) => ({
  kind: 'nadam',
  beta1: 0.9,
  momentumDecay: 0.004,
  warmMomentum: true,
  ...changes
});

/** Factor by factor, as the paper writes it. */
function stepByStep(t: number, { beta1, momentumDecay, warmMomentum }: ReturnType<typeof settingsOf>) {
  const mu = (i: number) => (warmMomentum ? beta1 * (1 - 0.5 * 0.96 ** (i * momentumDecay)) : beta1);
  let product = 1;
  for (let i = 1; i <= t; i++) product *= mu(i);
  return { ahead: mu(t + 1) / (1 - product * mu(t + 1)), here: (1 - mu(t)) / (1 - product) };
}

describe('the momentum of Nadam', () => {
  it.each([
    {},
    { beta1: 0 },
    { beta1: 0.99999 },
    { momentumDecay: 0 },
    { momentumDecay: 1, beta1: 0.999 },
    { momentumDecay: 1e-9, beta1: 0.9999 },
    { warmMomentum: false, beta1: 0.999 }
  ])('is the product of all before it, in whatever order the steps are asked for: %j', (changes) => {
    const settings = settingsOf(changes);
    for (const t of [1000, 1, 2, 30, 7, 400, 100_000]) {
      const [found, expected] = [nadam.perStep!(t, settings), stepByStep(t, settings)];
      for (const name of ['ahead', 'here'] as const)
        expect(Math.abs(found[name]! - expected[name])).toBeLessThan(1e-12 * Math.max(1, expected[name]));
    }
  });
});
