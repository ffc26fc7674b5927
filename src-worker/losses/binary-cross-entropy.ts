import { numbers } from '../contract/fields.ts';
import { refusal } from '../contract/refusal.ts';
import { term } from '../contract/words.ts';
import { defineElementwise } from './elementwise.ts';

/**
 * Binary cross-entropy on logits z, for yes (t = 1) or no (t = 0) at every output; p weighs the yes:
 *
 *   l = (1 − t)·z + (1 + (p − 1)·t)·(log(1 + e^−|z|) + max(−z, 0))      dl/dz = (1 − t) − (1 + (p − 1)·t)·σ(−z)
 *
 * The mean is over the labels that are known: one that is missing adds nothing, neither to the loss nor to the gradient.
 *
 * Shapes: z, t (B, T).
 * Config: `positiveWeights` = p, one an output, or none: all 1.
 * Source: Goodfellow et al. 2016, Deep Learning, section 6.2.2.2.
 */
export const binaryCrossEntropy = defineElementwise({
  kind: 'binary-cross-entropy',
  help: 'Yes or no at every output, on logits; missing labels count nothing',
  config: { positiveWeights: numbers('How much a yes counts, for every output; empty: as a no', { min: 0, max: 1e6 }) },
  loss: 'l = (1 - t) * z + (1 + (p - 1) * t) * (log(1 + exp(-abs(z))) + max(-z, 0))',
  gradient: 'g = (1 - t) - (1 + (p - 1) * t) / (1 + exp(z))',
  yes: 0,
  columns: ({ positiveWeights }, width) => ({
    p: positiveWeights.length > 0 ? positiveWeights : new Array<number>(width).fill(1)
  }),
  refuses({ width, target }, { positiveWeights }) {
    if (target.kind === 'values' && !target.isYesOrNo)
      return refusal('loss-needs-yes-or-no', { expected: term('yes-or-no'), actual: term('quantities') }, [
        { instead: { kind: 'mse' } }
      ]);
    if (positiveWeights.length === 0 || positiveWeights.length === width) return null;
    const words = { count: positiveWeights.length, outputs: width };
    return refusal('positive-weights', words, [{ set: { positiveWeights: [] } }]);
  }
});
