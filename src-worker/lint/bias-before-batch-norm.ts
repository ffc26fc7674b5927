import { setLayer } from '../graph/fixes/network.ts';
import { isWeighted, kindOf, next, settingOf, shownPath } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

const chain = (bias: boolean) => [kind('flatten'), dense(64, { bias }), kind('batch-norm'), kind('relu'), dense(10)];

/** Source: Ioffe & Szegedy 2015, Batch Normalization, arXiv:1502.03167, section 3.2: the bias can be ignored, as the mean is taken off. */
export const biasBeforeBatchNorm = defineRule({
  id: 'bias-before-batch-norm',
  words: {
    what: '“{layer}” has a bias in front of batch normalization.',
    why: 'Batch normalization subtracts the mean, and the bias with it; its own β does the same work.',
    remedy: 'Switch the bias off.'
  },
  lesson: 'batch-norm',
  bad: { layers: chain(true) },
  good: { layers: chain(false) },
  find({ layers }) {
    const isRedundant = (layer: (typeof layers)[number]) => {
      const behind = next(layers, layer);
      return (
        isWeighted(layer) && settingOf(layer, 'bias') === true && behind !== null && kindOf(behind) === 'batch-norm'
      );
    };
    return layers.filter(isRedundant).map((layer) => ({
      node: layer.id,
      path: shownPath(layer, 'bias'),
      words: { layer: layer.id },
      fixes: [setLayer(layer.id, { bias: false })]
    }));
  }
});
