import { defineLoss } from './loss.ts';

/**
 * Softmax cross-entropy on logits: L = −log softmax(z)[label], with dL/dz = softmax(z) − onehot(label).
 *
 * Shapes: z (B, classes), label (B).
 * Source: Goodfellow et al. 2016, Deep Learning, section 6.2.2.3.
 */
export const crossEntropy = defineLoss({
  kind: 'cross-entropy',
  help: 'Softmax over the outputs, then −log of the right class',
  config: {},
  refuses(output, classes) {
    if (output.length === 1 && output[0] === classes) return null;
    return {
      why: `the last layer gives ${output.join('×')} values, but the dataset has ${classes} classes`,
      remedy: `End with a dense layer of ${classes} units.`
    };
  },
  record: (record, tensors) => record.softmaxCrossEntropy(tensors)
});
