import type { NetworkSpec } from '../../../contract/experiment.ts';
import { layers } from '../../../layers/table.ts';
import { networkIn } from '../document.ts';
import type { Context } from '../mender.ts';
import { before, kindOf, shapeOf } from '../network.ts';

/** For a sum that has one input: layers of the same shape, nearest first, but not those that lead there by nothing but activations. */
export function alike(taken: readonly string[], usable: readonly string[], context: Context): string[] {
  const network = networkIn(context.spec);
  const [first] = taken;
  const shape = first === undefined ? undefined : shapeOf(context, first)?.join();
  if (!network || first === undefined || shape === undefined) return [];
  const upstream = before(network, first);
  const same = usable.filter((id) => shapeOf(context, id)?.join() === shape && kindOf(network, id) !== 'input');
  const forks = same.filter((id) => upstream.includes(id) && hasActivationOrPool(network, id));
  return [...forks.toReversed(), ...same.toReversed()];
}

/** Shortcuts mostly begin behind the activation, the sum or the pooling that ends what comes before. */
const hasActivationOrPool = (network: NetworkSpec, id: string): boolean => {
  const kind = kindOf(network, id) ?? '';
  return layers[kind]?.group === 'activation' || layers[kind]?.group === 'merge' || kind.endsWith('pool');
};
