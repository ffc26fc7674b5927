import { removeLayer, withHeadOf } from '../graph/fixes/network.ts';
import type { Candidate } from '../graph/fixes/mender.ts';
import { endsOf, headOf } from '../graph/heads.ts';
import { isActivation, kindOf } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

/** Told by softmax-twice. */
const elsewhere = ['softmax', 'log-softmax', 'sigmoid'];

export const activationOnOutput = defineRule({
  id: 'activation-on-output',
  words: {
    what: '“{layer}”, a {kind}, stands between the last layer and the loss.',
    why: 'The loss expects values of any size and sign (logits, or standardized quantities); what {kind} cuts off can never be answered.',
    remedy: 'Remove it: the last layer needs no activation.'
  },
  lesson: null,
  bad: { layers: [kind('flatten'), dense(10), kind('relu')] },
  good: { layers: [kind('flatten'), dense(64), kind('relu'), dense(10)] },
  find({ experiment, layers }) {
    const takesAnything = (end: string): boolean => {
      const { kind: loss } = headOf(experiment, end).loss;
      return loss.endsWith('cross-entropy') || experiment.data.normalizeTargets === 'standardize';
    };
    return endsOf(layers)
      .filter((end) => isActivation(end) && !elsewhere.includes(kindOf(end)) && takesAnything(end.id))
      .map((end) => ({
        node: end.id,
        path: null,
        words: { layer: end.id, kind: kindOf(end) },
        fixes: [removeEnd(end.id, end.from[0]!)]
      }));
  }
});

/** Without an end; what judged it judges what came before it. */
export function removeEnd(end: string, before: string): Candidate {
  const removal = removeLayer(end);
  return { ...removal, change: (spec) => withHeadOf(removal.change(spec), end, before) };
}
