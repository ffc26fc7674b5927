/** What becomes of activations and gradients from the first hidden layer to the last. Pure. */
import type { InspectedLayer, InspectResult } from '../../src-worker/contract/inspect.ts';

/** Standard deviations at the first hidden layer and at the last; of gradients, the way back is from last to first. */
export interface Depth {
  readonly first: string;
  readonly last: string;
  readonly activations: Pair;
  readonly gradients: Pair;
}
interface Pair {
  readonly first: number | null;
  readonly last: number | null;
}

/** Like is compared with like: the last layer before the output with the first of its kind. null without a hidden layer. */
export function throughDepth({ layers }: InspectResult): Depth | null {
  const hidden = layers.slice(1, -1);
  const last = hidden.at(-1);
  if (!last) return null;
  const first = hidden.find(({ kind }) => kind === last.kind)!;
  const pair = (of: (layer: InspectedLayer) => number | null | undefined): Pair => ({
    first: of(first) ?? null,
    last: of(last) ?? null
  });
  return {
    ...{ first: first.node, last: last.node },
    activations: pair(({ activations }) => activations.sd),
    gradients: pair(({ gradients }) => gradients?.sd)
  };
}
