import { endsOf, headOf } from '../graph/heads.ts';
import { removeEnd } from './activation-on-output.ts';
import { kindOf } from './look.ts';
import { defineRule, dense, kind, type Subject } from './rule.ts';

/** What the losses that take logits do themselves. */
const within: Readonly<Record<string, readonly string[]>> = {
  'cross-entropy': ['softmax', 'log-softmax', 'sigmoid'],
  'binary-cross-entropy': ['sigmoid', 'softmax']
};

/** Source: Goodfellow et al. 2016, Deep Learning, section 6.2.2: the loss of softmax and sigmoid units is computed from their logits. */
export const softmaxTwice = defineRule({
  id: 'softmax-twice',
  words: {
    what: '“{layer}”, a {kind}, stands before a loss that turns its inputs into probabilities itself.',
    why: 'The loss takes the values as they are (logits). Done twice, the answers are squeezed together and the gradients become small.',
    remedy: 'Remove this layer.'
  },
  lesson: null,
  bad: { layers: [kind('flatten'), dense(10), kind('softmax')] },
  good: { layers: [kind('flatten'), dense(10)] },
  find: ({ experiment, layers }: Subject) =>
    endsOf(layers)
      .filter((end) => within[headOf(experiment, end.id).loss.kind]?.includes(kindOf(end)))
      .map((end) => ({
        node: end.id,
        path: null,
        words: { layer: end.id, kind: kindOf(end) },
        fixes: [removeEnd(end.id, end.from[0]!)]
      }))
});
