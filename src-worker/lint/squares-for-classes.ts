import { put } from '../graph/fixes/document.ts';
import { endsOf, headOf } from '../graph/heads.ts';
import { defineRule, dense, kind } from './rule.ts';

const DISTANCES = ['mse', 'mae', 'huber'];
const layers = [kind('flatten'), dense(10)];

/** Source: Goodfellow et al. 2016, Deep Learning, section 6.2.2.2: maximum likelihood suits softmax outputs, squared error does not. */
export const squaresForClasses = defineRule({
  id: 'squares-for-classes',
  words: {
    what: '“{layer}” tells classes apart, but {kind} judges it.',
    why: 'Distances from 0 and 1 blame answers that are right and sure, and say little about those that are wrong and sure.',
    remedy: 'Use cross-entropy.'
  },
  lesson: null,
  bad: { layers, training: { loss: { kind: 'mse' } } },
  good: { layers, training: { loss: { kind: 'cross-entropy' } } },
  find: ({ experiment, layers, dataset }) =>
    endsOf(layers).flatMap((end) => {
      const { loss, target } = headOf(experiment, end.id);
      const isClass = target === 'class' || (target === null && dataset.classes.length > 0);
      if (!isClass || !DISTANCES.includes(loss.kind)) return [];
      const path = Object.hasOwn(experiment.training.heads, end.id) ? `training.heads.${end.id}.loss` : 'training.loss';
      const better = { kind: 'cross-entropy' };
      const fix = {
        code: 'use-loss' as const,
        words: better,
        change: (spec: Readonly<Record<string, unknown>>) => put(spec, path.split('.'), better)
      };
      return [{ node: end.id, path, words: { layer: end.id, kind: loss.kind }, fixes: [fix] }];
    })
});
