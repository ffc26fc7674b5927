import { mixerOf } from '../augment/augmenter.ts';
import { randomStream } from '../data/random.ts';
import type { Plan } from '../plan/plan.ts';
import type { FeedStep } from './feed.ts';

/** How the examples of a step are mixed: `share` of each example b, the rest of example (b + shift) mod count of the same mini-batch. */
export interface Mixture {
  readonly share: number;
  readonly shift: number;
}

/**
 * Draws the mixture of a training step, the same wherever and in whatever order it is asked for; null where nothing is mixed, as in
 * every evaluation.
 */
export function mixtures({ seed, augment }: Pick<Plan, 'seed' | 'augment'>): (step: FeedStep) => Mixture | null {
  const draw = mixerOf(augment);
  if (!draw) return () => null;
  let known = { step: -1, count: -1, share: 1, shift: 0 };
  return ({ step, count, mode }) => {
    if (mode === 'evaluation') return null;
    if (known.step !== step || known.count !== count) {
      const random = randomStream(seed, 'augment/mix', step);
      known = { step, count, share: draw(random), shift: count > 1 ? 1 + random.below(count - 1) : 0 };
    }
    return known;
  };
}
