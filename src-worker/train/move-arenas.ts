/** Values of one plan's arenas in the places of another's: other settings of the training put the parameters in another order. */
import { LabError } from '../contract/errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { Arenas } from './failover.ts';

type Places = Pick<Plan, 'parameters' | 'arena' | 'states'>;

export const emptyArenas = ({ arena, states }: Places): Record<string, Float32Array> =>
  Object.fromEntries(['w', ...states].map((name) => [name, new Float32Array(arena)]));

/**
 * Parameters go by name; states that the other plan does not know are left out.
 * Throws: `invalid_experiment` where a parameter is missing or has another size.
 */
export function moveArenas(arenas: Arenas, from: Places, to: Places): Record<string, Float32Array> {
  const wanted = Object.entries(arenas).filter(([name]) => name === 'w' || name === 'best' || to.states.includes(name));
  return Object.fromEntries(wanted.map(([name, values]) => [name, moved(values, from, to)]));
}

function moved(values: Float32Array, from: Places, to: Places): Float32Array {
  const target = new Float32Array(to.arena);
  const known = new Map(from.parameters.map((parameter) => [parameter.name, parameter]));
  for (const { name, at, size, shape } of to.parameters) {
    const old = known.get(name);
    if (!old || old.size !== size)
      throw new LabError(
        'invalid_experiment',
        old
          ? `The checkpoint has ${old.shape.join('×')} values for ${name}, this network needs ${shape.join('×')}. Start anew, or keep the layer as it was.`
          : `The checkpoint has no values for ${name}. Start anew, or keep the layers as they were.`,
        { parameter: name, expected: shape, actual: old?.shape ?? null }
      );
    target.set(values.subarray(old.at, old.at + size), at);
  }
  return target;
}
