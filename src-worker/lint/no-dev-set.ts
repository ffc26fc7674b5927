import { splitCounts } from '../data/split.ts';
import { settingAt } from '../graph/fixes/mender.ts';
import { defineRule, dense, kind } from './rule.ts';

const layers = [kind('flatten'), dense(10)];
const usual = { train: 0.9, dev: 0.1 };

/** Source: Goodfellow et al. 2016, Deep Learning, section 5.3: choices are made on a validation set, never on the test set. */
export const noDevSet = defineRule({
  id: 'no-dev-set',
  words: {
    what: 'No dev set: all training examples are trained on.',
    why: 'Whatever you then choose is chosen on the test set, which no longer tells how well new examples will do.',
    remedy: 'Keep a tenth of the examples as a dev set.'
  },
  lesson: 'early-stopping',
  bad: { layers, data: { split: { train: 1, dev: 0 } } },
  good: { layers, data: { split: usual } },
  find({ experiment, dataset }) {
    const { limit, split } = experiment.data;
    const { dev } = splitCounts(Math.min(limit ?? dataset.trainCount, dataset.trainCount), split);
    if (dev > 0) return [];
    return [{ node: null, path: 'data.split.dev', fixes: [settingAt(['data', 'split'], 'data.split', usual)] }];
  }
});
