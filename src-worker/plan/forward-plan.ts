/** The forward pass of a training step by itself, of layers that need not make a whole network: nothing judges them, nothing is learned. */
import type { ResolvedLayer } from '../graph/resolve-network.ts';
import { ProgramBuilder } from './builder.ts';
import { Feeds } from './feeds.ts';
import type { Feed } from './plan.ts';
import { placeLayers, recordForward } from './planned-layers.ts';
import type { Op, Shape, Tensor } from './program.ts';
import { checkSize } from './size.ts';
import { parametersOf, type Unplaced } from './updates.ts';

export interface ForwardPlan {
  readonly ops: readonly Op[];
  readonly feeds: readonly Feed[];
  readonly parameters: readonly Unplaced[];
  /** By node; a view shares the tensor of what it shows. */
  readonly outputs: ReadonlyMap<string, Tensor>;
}

/** Throws: `out_of_memory` when the parameters are more than any engine could hold. */
export function makeForwardPlan(layers: readonly ResolvedLayer[], shape: Shape): ForwardPlan {
  const builder = new ProgramBuilder();
  const feeds = new Feeds(builder, { shape, classes: 0 });
  const planned = placeLayers(builder, feeds, layers);
  const ops: Op[] = [];
  recordForward(builder.record(ops), planned, feeds.tensor({ kind: 'weight' }), 'training');
  const parameters = parametersOf(planned);
  const floats = parameters.reduce((sum, { size }) => sum + size, 0);
  checkSize(1, () => 2 * 4 * floats); // as they are drawn, and as an engine keeps them
  return {
    ops,
    feeds: feeds.all,
    parameters,
    outputs: new Map([...planned].map(([id, { y }]) => [id, y]))
  };
}
