import type { EpochEvent } from '../contract/run.ts';
import { dropped, moreExamples, penalized, stoppedEarly } from './changes.ts';
import { brief, defineHealthRule, type Symptom } from './rule.ts';
import type { Seen } from './seen.ts';

/** The loss on dev is twice that on the training examples, and the gap between them so much of the first loss. */
const TIMES = 2;
const GAP = { found: 0.15, clear: 0.1 };
/** Or the loss on dev has risen by this share above its least, and by so much of the first loss, while that of training fell. */
const RISE = 0.15;
const RISE_OF_FIRST = 0.05;

/**
 * What is learned holds for the training examples alone, in two epochs one after the other.
 *
 * Source: Prechelt 1998, Early Stopping – But When?, in Neural Networks: Tricks of the Trade, section 2 (generalization loss, how far the
 * error on validation is above its least). He stops for much smaller ones; this tells of what is plain. The thresholds are ours: see
 * docs/health.md.
 */
export const overfitting = defineHealthRule({
  id: 'overfitting',
  words: {
    name: 'Overfitting',
    what: 'The loss is {train} on the training examples, and {dev} on dev.',
    meaning: 'The network learns its training examples by heart instead of what they have in common.',
    causes: 'Mostly there are too few examples for so many weights, or the training goes on for too long.',
    remedy: 'Use more examples or augment them, stop early, or add dropout or a penalty on the weights.'
  },
  hears: ['epoch'],
  find(seen) {
    const latest = seen.epochs.slice(-2).map((epoch) => stateOf(epoch, seen));
    const { train, dev } = seen.epochs.at(-1) ?? { train: null, dev: null };
    const [before, now] = latest;
    if (!now || train?.loss == null || dev?.loss == null) return [];
    const state = before === 'found' && now === 'found' ? 'found' : 'lingers';
    return [{ node: null, values: { train: brief(train.loss), dev: brief(dev.loss) }, state }];
  },
  remedies: (experiment) => [
    ...stoppedEarly(experiment),
    ...moreExamples(experiment),
    ...dropped(experiment),
    ...penalized(experiment)
  ]
});

function stateOf({ train, dev }: EpochEvent, { firstLoss, bestEpoch }: Seen): Symptom['state'] | null {
  if (firstLoss === null || train.loss === null || dev?.loss == null) return null;
  const first = Math.abs(firstLoss);
  const gap = dev.loss - train.loss;
  if (gap > GAP.found * first && dev.loss > TIMES * train.loss) return 'found';
  const least = bestEpoch?.dev?.loss ?? dev.loss;
  const rise = dev.loss - least;
  const isLearning = train.loss < (bestEpoch?.train.loss ?? train.loss);
  if (rise > RISE * least && rise > RISE_OF_FIRST * first && isLearning) return 'found';
  return gap > GAP.clear * first ? 'lingers' : null;
}
