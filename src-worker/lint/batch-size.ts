import { settingAt } from '../graph/fixes/mender.ts';
import { defineRule, dense, kind } from './rule.ts';

const [SMALLEST, LARGEST] = [64, 512];
/** Of fewer examples the whole set is one batch. */
const MANY = 2000;
const layers = [kind('flatten'), dense(10)];

/** Curriculum of the lab: powers of two from 64 to 512, where there are more than 2000 examples. */
export const batchSize = defineRule({
  id: 'batch-size',
  words: {
    what: 'Mini-batches of {size} examples.',
    why: 'Powers of two from 64 to 512 fill the units of processors and make steps that are neither noisy nor few.',
    remedy: 'Use {best}.'
  },
  lesson: 'batch-size',
  bad: { layers, training: { batchSize: 100 } },
  good: { layers, training: { batchSize: 128 } },
  find({ experiment, dataset }) {
    const { limit, split } = experiment.data;
    const examples = Math.min(limit ?? dataset.trainCount, dataset.trainCount) * split.train;
    const size = experiment.training.batchSize;
    const best = Math.min(LARGEST, Math.max(SMALLEST, 2 ** Math.round(Math.log2(size))));
    if (examples <= MANY || size === best) return [];
    const path = 'training.batchSize';
    return [{ node: null, path, words: { size, best }, fixes: [settingAt(path.split('.'), path, best)] }];
  }
});
