/** Looks at layers made by hand, for rules that judge them. */
import type { LayersEvent, ObservedLayer, Sketch } from '../../src-worker/contract/layers.ts';

/** Of 100 values around 0. */
export const spread = (sd: number): Sketch => ({
  ...{ count: 100, zeros: 0, mean: 0, sd, limit: 3 * sd, min: -3 * sd, max: 3 * sd },
  histogram: [1, 99, 1]
});

export interface Layer extends Partial<Pick<ObservedLayer, 'units' | 'saturated'>> {
  readonly kind: string;
  /** Standard deviation of the gradient at its output. */
  readonly gradient?: number;
  /** Of its weights, where it has some; null: not known. */
  readonly ratio?: number | null;
}

/** Layers of the names n0, n1, …, one behind the other. */
export function lookOf(step: number, layers: readonly Layer[], loss = 1): LayersEvent {
  return {
    ...{ type: 'layers', step, examples: 64, loss },
    layers: layers.map(({ kind, gradient = 1, ratio, ...more }, index) => ({
      ...{ node: `n${index}`, kind, activations: spread(1), gradients: spread(gradient), ...more },
      weights:
        ratio === undefined ? [] : [{ name: `n${index}.W`, values: spread(1), gradients: spread(gradient), ratio }]
    }))
  };
}
