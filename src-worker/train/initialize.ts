/** First values of all parameters, each drawn from a random stream of its own: adding a layer never changes the draw of another. */
import type { ConfigOf, Fields } from '../contract/fields.ts';
import { randomStream } from '../data/random.ts';
import { initializers } from '../initializers/table.ts';
import type { Parameter, Plan } from '../plan/plan.ts';

/** The arena `w` at step 0. The same plan and seed give the same bits on every backend. */
export function initialParameters(plan: Plan, seed: number): Float32Array {
  const arena = new Float32Array(plan.arena);
  for (const parameter of plan.parameters)
    drawParameter(arena.subarray(parameter.at, parameter.at + parameter.size), parameter, seed);
  return arena;
}

/** The values of one parameter, whose name names its stream. */
export function drawParameter(
  values: Float32Array,
  { name, shape, init, fanIn, fanOut }: Pick<Parameter, 'name' | 'shape' | 'init' | 'fanIn' | 'fanOut'>,
  seed: number
): void {
  const random = randomStream(seed, `init/${name}`);
  const draw = { shape, fanIn, fanOut, normal: () => random.normal(), uniform: () => random.uniform() };
  initializers[init.kind]!.fill(values, draw, init as unknown as ConfigOf<Fields>);
}
