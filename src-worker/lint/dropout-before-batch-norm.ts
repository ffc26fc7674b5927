import { removeLayer } from '../graph/fixes/network.ts';
import { isActivation, isWeighted, kindOf, nextThrough } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

const plain = { bias: false };

/** Source: Li, Chen, Hu & Yang 2019, Understanding the Disharmony between Dropout and Batch Normalization by Variance Shift, arXiv:1801.05134. */
export const dropoutBeforeBatchNorm = defineRule({
  id: 'dropout-before-batch-norm',
  words: {
    what: '“{layer}” drops values in front of the batch normalization “{norm}”.',
    why: 'Dropout makes the variance larger in training than afterwards, and batch normalization remembers the one in training.',
    remedy: 'Use dropout only behind the last batch normalization, or not at all.'
  },
  lesson: 'dropout',
  bad: {
    layers: [
      kind('flatten'),
      dense(64),
      kind('relu'),
      kind('dropout'),
      dense(64, plain),
      kind('batch-norm'),
      kind('relu'),
      dense(10)
    ]
  },
  good: {
    layers: [kind('flatten'), dense(64, plain), kind('batch-norm'), kind('relu'), kind('dropout'), dense(10)]
  },
  find: ({ layers }) =>
    layers.flatMap((layer) => {
      if (kindOf(layer) !== 'dropout') return [];
      const norm = nextThrough(layers, layer, (one) => isWeighted(one) || isActivation(one));
      if (!norm || kindOf(norm) !== 'batch-norm') return [];
      return [
        { node: layer.id, path: null, words: { layer: layer.id, norm: norm.id }, fixes: [removeLayer(layer.id)] }
      ];
    })
});
