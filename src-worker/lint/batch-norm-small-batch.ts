import { settingAt } from '../graph/fixes/mender.ts';
import { kindOf, settingOf } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

const FEWEST = 8;
const layers = [kind('flatten'), dense(64, { bias: false }), kind('batch-norm'), kind('relu'), dense(10)];

/** Source: Wu & He 2018, Group Normalization, arXiv:1803.08494, figure 1: the error of batch norm rises below 16 and steeply below 8. */
export const batchNormSmallBatch = defineRule({
  id: 'batch-norm-small-batch',
  words: {
    what: 'Batch normalization with mini-batches of {size}.',
    why: 'Mean and variance of so few examples are mostly noise, and unlike the running averages that are used afterwards.',
    remedy: 'Use mini-batches of 32 or more, or group or layer normalization.'
  },
  lesson: 'normalization',
  bad: { layers, training: { batchSize: 4 } },
  good: { layers, training: { batchSize: 64 } },
  find({ layers, experiment }) {
    const size = experiment.training.batchSize;
    const norm = layers.find((layer) => kindOf(layer) === 'batch-norm' && settingOf(layer, 'statistics') === 'batch');
    if (!norm || size >= FEWEST) return [];
    const path = 'training.batchSize';
    return [{ node: norm.id, path, words: { size }, fixes: [settingAt(path.split('.'), path, 64)] }];
  }
});
