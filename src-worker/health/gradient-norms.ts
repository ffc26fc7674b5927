/** How long the gradient is at each layer, by its length at the outputs: what it gains or loses on its way back. */
import type { NetworkSpec } from '../contract/experiment.ts';
import type { LayersEvent, ObservedLayer, Sketch } from '../contract/layers.ts';

export interface GradientNorm {
  readonly node: string;
  /** ‖∂L/∂y‖ by that of the outputs, each over all values and examples. */
  readonly ratio: number;
}

/**
 * Of the layers with weights, in the order of computation. Lengths and not mean sizes are compared, because those of a convolution are
 * small where it has many pixels. Nothing where no gradient comes from the outputs, or none that is a number.
 *
 * Source: Glorot & Bengio 2010, AISTATS, section 4.2 (variance of back-propagated gradients by layer).
 */
export function gradientNorms({ layers }: LayersEvent, network: NetworkSpec): GradientNorm[] {
  const ends = endsAmong(layers, network);
  const whole = Math.hypot(...layers.filter(({ node }) => ends.has(node)).map((layer) => lengthOf(layer.gradients)));
  if (!(whole > 0) || !Number.isFinite(whole)) return [];
  return layers
    .filter(({ weights, gradients }) => weights.length > 0 && gradients?.mean != null)
    .map(({ node, gradients }) => ({ node, ratio: lengthOf(gradients) / whole }));
}

function lengthOf(sketch: Sketch | null): number {
  if (!sketch || sketch.mean === null || sketch.sd === null) return NaN;
  return Math.sqrt(sketch.count) * Math.hypot(sketch.mean, sketch.sd);
}

/** The layers that nothing follows; where that is only another view of what stands before it, this. */
export function endsAmong(layers: readonly ObservedLayer[], { nodes, edges }: NetworkSpec): Set<string> {
  const observed = new Set(layers.map(({ node }) => node));
  const ends = nodes.filter(({ id }) => !edges.some(([from]) => from === id)).map(({ id }) => id);
  for (const id of ends) if (!observed.has(id)) ends.push(...edges.filter(([, to]) => to === id).map(([from]) => from));
  return new Set(ends.filter((id) => observed.has(id)));
}
