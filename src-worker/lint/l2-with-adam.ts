import { isObject, put } from '../graph/fixes/document.ts';
import type { Candidate } from '../graph/fixes/mender.ts';
import { defineRule, dense, kind } from './rule.ts';

const layers = [kind('flatten'), dense(10)];
const ADAMS = ['adam', 'nadam', 'adamax'];

/** Source: Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization, arXiv:1711.05101, section 2. */
export const l2WithAdam = defineRule({
  id: 'l2-with-adam',
  words: {
    what: 'L2 in the loss together with {kind}.',
    why: 'Its gradient is divided by the size of all gradients as well: weights with large gradients are hardly held back.',
    remedy: 'Use decoupled weight decay (training.regularize.decay, or adamw).'
  },
  lesson: 'weight-decay',
  bad: { layers, training: { optimizer: { kind: 'adam' }, regularize: { l2: 0.01 } } },
  good: { layers, training: { optimizer: { kind: 'adam' }, regularize: { decay: 0.01 } } },
  find({ experiment }) {
    const { optimizer, regularize } = experiment.training;
    if (!ADAMS.includes(optimizer.kind) || regularize.l2 === 0) return [];
    return [
      {
        node: null,
        path: 'training.regularize.l2',
        words: { kind: optimizer.kind },
        fixes: [decoupled(Math.max(regularize.decay, regularize.l2))]
      }
    ];
  }
});

const decoupled = (decay: number): Candidate => ({
  code: 'set',
  words: { path: 'training.regularize.decay', value: decay },
  change(spec) {
    const training = isObject(spec['training']) ? spec['training'] : {};
    const { l2: _, ...regularize } = (isObject(training['regularize']) ? training['regularize'] : {}) as {
      l2?: unknown;
    };
    return put(spec, ['training', 'regularize'], { ...regularize, decay });
  }
});
