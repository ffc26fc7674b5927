import { replaceLayer } from '../graph/fixes/network.ts';
import { kindOf, sources } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

const SHARE = 0.9;
/** Smaller networks may be as they like. */
const MANY = 500_000;

const chain = (between: string) => [
  kind('conv2d', { filters: 32, padding: 'same' }),
  kind('relu'),
  kind(between),
  dense(128),
  kind('relu'),
  dense(10)
];

/** Source: Lin, Chen & Yan 2014, Network In Network, arXiv:1312.4400, section 3.2. */
export const heavyDense = defineRule({
  id: 'heavy-dense',
  words: {
    what: '“{layer}” holds {percent} % of all parameters.',
    why: 'A dense layer behind flatten has a weight for every pixel of every channel; it overfits easily and fills the memory.',
    remedy: 'Pool more before it, or take the mean of each channel in place of flatten.'
  },
  lesson: null,
  bad: { layers: chain('flatten') },
  good: { layers: chain('global-average-pool') },
  find({ layers }) {
    const total = layers.reduce((sum, { parameterCount }) => sum + parameterCount, 0);
    if (total < MANY) return [];
    return layers.flatMap((layer) => {
      const [flatten] =
        kindOf(layer) === 'dense' ? sources(layers, layer).filter((one) => kindOf(one) === 'flatten') : [];
      const share = layer.parameterCount / total;
      const shape = flatten?.inputShapes[0];
      const isImage = shape?.length === 3 && shape[2]! > 3;
      if (!flatten || !isImage || share <= SHARE) return [];
      const fixes = [replaceLayer(flatten.id, { kind: 'global-average-pool' })];
      return [{ node: layer.id, path: null, words: { layer: layer.id, percent: Math.round(100 * share) }, fixes }];
    });
  }
});
