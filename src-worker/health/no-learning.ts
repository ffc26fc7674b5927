import { normalized, redrawn, scaledRate, standardized, usualRate } from './changes.ts';
import { brief, defineHealthRule } from './rule.ts';

/** Falling by less than this share, from the first epoch to a later one, is standing still. */
const STILL = { found: 0.01, clear: 0.02 };
/** Of the first loss; who has come below has learned something, and may stand still. */
const HIGH = 0.8;

/** The loss is where it was after the first epoch, on the training examples and on dev. The thresholds are ours: see docs/health.md. */
export const noLearning = defineHealthRule({
  id: 'no-learning',
  words: {
    name: 'Nothing is learned',
    what: 'After {epochs} {epochs:epoch|epochs} the loss is {loss}, as it was after the first.',
    meaning: 'The network has not found anything in the examples that helps; going on will hardly change that.',
    causes:
      'Mostly the learning rate is too small or far too large, the first weights are all alike, or no gradient comes through.',
    remedy:
      'Use the usual learning rate of the optimizer and He’s or Xavier’s first weights, and look for other findings here.'
  },
  hears: ['epoch'],
  find({ epochs, firstEpoch, firstLoss }) {
    const now = epochs.at(-1);
    if (!now || !firstEpoch || now === firstEpoch || firstLoss === null) return [];
    const falls = [
      [firstEpoch.train.loss, now.train.loss],
      [firstEpoch.dev?.loss ?? null, now.dev?.loss ?? null]
    ].flatMap(([before, after]) => (before == null || after == null ? [] : [(before - after) / Math.abs(before)]));
    const { loss } = now.train;
    if (falls.length === 0 || loss === null || loss < HIGH * firstLoss) return [];
    const most = Math.max(...falls);
    if (most >= STILL.clear) return [];
    const state = most < STILL.found ? 'found' : 'lingers';
    return [{ node: null, values: { epochs: now.epoch, loss: brief(loss) }, state }];
  },
  remedies: (experiment) => [
    ...redrawn(experiment),
    ...usualRate(experiment, 'higher'),
    ...usualRate(experiment, 'lower'),
    ...standardized(experiment),
    ...normalized(experiment),
    ...scaledRate(experiment, 10)
  ]
});
