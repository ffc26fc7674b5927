import { onNetwork } from '../graph/fixes/network.ts';
import { depthOf, initOf, isNorm, isWeighted, kindOf, nextThrough, shownPath } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

const DEEP = 4;
/** He's rule gives a layer of 5000 inputs this much. */
const SMALL = 0.02;

const stack = (init: unknown) => [
  kind('flatten'),
  ...Array.from({ length: 4 }, () => [dense(100, { init }), kind('relu')]).flat(),
  dense(10)
];

/** Source: He, Zhang, Ren & Sun 2015, Delving Deep into Rectifiers, arXiv:1502.01852, section 2.2. */
export const smallInitialWeights = defineRule({
  id: 'small-initial-weights',
  words: {
    what: 'Initial weights of N(0, {std}²) in a deep network of relu layers.',
    why: 'Every layer makes the signal smaller, and the gradients on their way back: the network does not begin to learn.',
    remedy: 'Use He’s rule, which follows the number of inputs, or batch normalization behind each layer.'
  },
  lesson: 'initial-weights',
  bad: { layers: stack({ kind: 'normal', std: 0.01 }) },
  good: { layers: stack('he-normal') },
  find({ layers }) {
    if (depthOf(layers) < DEEP) return [];
    const small = layers.filter((layer) => {
      const init = initOf(layer);
      const behind = nextThrough(layers, layer, () => false);
      const isPlain = behind !== null && !isNorm(behind) && kindOf(behind).endsWith('relu');
      return isWeighted(layer) && isPlain && init?.kind === 'normal' && (init.std ?? 0) <= SMALL;
    });
    if (small.length < 2) return [];
    const ids = small.map(({ id }) => id);
    const toHe = onNetwork('use-kind', { kind: 'he-normal' }, ({ nodes, edges }) => ({
      nodes: nodes.map((node) => (ids.includes(node.id) ? { ...node, init: { kind: 'he-normal' } } : node)),
      edges
    }));
    const words = { std: initOf(small[0]!)!.std ?? 0 };
    return [{ node: ids[0]!, path: shownPath(small[0]!, 'init'), words, fixes: [toHe] }];
  }
});
