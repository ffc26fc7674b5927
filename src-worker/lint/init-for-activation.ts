import { onNetwork } from '../graph/fixes/network.ts';
import type { Candidate } from '../graph/fixes/mender.ts';
import type { ResolvedLayer } from '../graph/resolve-network.ts';
import { followers, initOf, isWeighted, kindOf, next, shownPath } from './look.ts';
import { defineRule, dense, kind } from './rule.ts';

/** Which rule was derived for which activation; for the others there is none. */
const ruleFor: Readonly<Record<string, string>> = { relu: 'he', 'leaky-relu': 'he', tanh: 'xavier', sigmoid: 'xavier' };
const other: Readonly<Record<string, readonly string[]>> = { he: ['xavier', 'lecun'], xavier: ['he'] };
const named: Readonly<Record<string, string>> = { he: 'He', xavier: 'Xavier', lecun: 'LeCun' };

const chain = (init: string) => [kind('flatten'), dense(64, { init }), kind('relu'), dense(10)];

/** Source: He et al. 2015, arXiv:1502.01852, section 2.2, for rectifiers; Glorot & Bengio 2010, AISTATS, section 4.2, for tanh. */
export const initForActivation = defineRule({
  id: 'init-for-activation',
  words: {
    what: 'Initial weights by {rule}’s rule in {layers}, but {kind} follows.',
    why: 'Relu halves the variance, which He’s rule makes good and Xavier’s does not; with tanh and sigmoid it is the other way round.',
    remedy: 'Use {better}’s rule.'
  },
  lesson: 'initial-weights',
  bad: { layers: chain('xavier-normal') },
  good: { layers: chain('he-normal') },
  find: ({ layers }) =>
    alikeOf(misplaced(layers)).map((alike) => {
      const { layer, rule, kind: follower, wanted } = alike[0]!;
      const words = {
        layers: alike.map((one) => one.layer.id),
        ...{ rule: named[rule]!, kind: follower, better: named[wanted]! }
      };
      const path = alike.length === 1 ? shownPath(layer, 'init') : null;
      return { node: layer.id, path, words, fixes: [withRule(alike, named[wanted]!)] };
    })
});

/** A layer whose initial weights are by a rule for another activation than the one that follows. */
interface Misplaced {
  readonly layer: ResolvedLayer;
  readonly rule: string;
  /** `normal` or `uniform`. */
  readonly shape: string;
  readonly kind: string;
  readonly wanted: string;
}

const misplaced = (layers: readonly ResolvedLayer[]): Misplaced[] =>
  layers.flatMap((layer) => {
    const behind = isWeighted(layer) ? next(layers, layer) : null;
    // What follows the last layer is told by other rules.
    const wanted = behind && followers(layers, behind).length > 0 ? ruleFor[kindOf(behind)] : undefined;
    const [rule = '', shape = 'normal'] = (initOf(layer)?.kind ?? '').split('-');
    if (!wanted || !behind || !other[wanted]!.includes(rule)) return [];
    return [{ layer, rule, shape, kind: kindOf(behind), wanted }];
  });

/** Those with one rule in front of one activation, one finding each. */
function alikeOf(all: readonly Misplaced[]): Misplaced[][] {
  const key = ({ rule, kind: follower }: Misplaced) => `${rule} ${follower}`;
  return [...new Set(all.map(key))].map((one) => all.filter((found) => key(found) === one));
}

/** All at once: one by one it would be the same click many times. */
function withRule(alike: readonly Misplaced[], rule: string): Candidate {
  const inits = new Map(alike.map(({ layer, shape, wanted }) => [layer.id, `${wanted}-${shape}`]));
  return onNetwork('set-init', { rule, layers: [...inits.keys()] }, ({ nodes, edges }) => ({
    nodes: nodes.map((node) => (inits.has(node.id) ? { ...node, init: inits.get(node.id) } : node)),
    edges
  }));
}
