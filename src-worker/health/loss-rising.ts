import { clipped, scaledRate, standardized, usualRate } from './changes.ts';
import { brief, defineHealthRule, type Symptom } from './rule.ts';
import type { Seen } from './seen.ts';

/** So many times the loss from before anything was learned; in the second case in one strip alone. */
const WORSE_THAN_FIRST = { twice: 1.5, once: 5 };
/** From its least value it has gone back up by this share of what it was at first; below the second, it has come down again. */
const BACK = { found: 0.2, clear: 0.1 };
/** Standard errors of a strip, by how much mini-batches differ, that a rise must have: the least of many strips is low by chance. */
const ERRORS = 6;

/**
 * The loss on the training examples rises, in two strips of steps one after the other.
 *
 * Source: CS231n, Neural Networks 3, “Loss function” (with too high a learning rate the loss grows). The thresholds are ours: see
 * docs/health.md.
 */
export const lossRising = defineHealthRule({
  id: 'loss-rising',
  words: {
    name: 'Loss rises',
    what: 'The loss on the training examples has risen from {from} to {to}.',
    meaning: 'Steps make the network worse: they leap over the minimum that they were heading for.',
    causes: 'Mostly the learning rate is too large; sometimes single examples with a huge loss are to blame.',
    remedy: 'Lower the learning rate to a tenth, or clip the gradients.'
  },
  hears: ['losses'],
  find: (seen) => risen(seen),
  remedies: (experiment) => [
    ...standardized(experiment),
    ...usualRate(experiment, 'lower'),
    ...scaledRate(experiment, 0.1),
    ...clipped(experiment)
  ]
});

function risen({ strips, firstLoss }: Seen): Symptom[] {
  const latest = strips.slice(-2);
  if (firstLoss === null || latest.length < 2) return [];
  const first = Math.abs(firstLoss);
  const least = Math.min(...strips.map(({ mean }) => mean));
  const [before, now] = [latest[0]!.mean, latest[1]!.mean];
  const mean = Math.min(before, now);
  const errors = strips.map(({ error }) => error).sort((a, b) => a - b);
  const isSure = mean - least > ERRORS * errors[errors.length >> 1]!;
  const isBack = isSure && mean > least + BACK.found * first;
  const isWorse = isSure && mean > WORSE_THAN_FIRST.twice * first;
  const isFarWorse = Math.max(before, now) > WORSE_THAN_FIRST.once * first;
  const values = { from: brief(isFarWorse ? firstLoss : least), to: brief(Math.max(before, now)) };
  if (isBack || isWorse || isFarWorse) return [{ node: null, values, state: 'found' }];
  return mean > least + BACK.clear * first ? [{ node: null, values, state: 'lingers' }] : [];
}
