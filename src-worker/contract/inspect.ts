/** The first step of a run, looked at layer by layer before anything is learned. */
import type { Dataset } from './dataset.ts';
import type { Distribution } from './distribution.ts';
import type { Experiment } from './experiment.ts';

export interface InspectRequest {
  /** Checked. */
  readonly experiment: Experiment;
  readonly dataset: Dataset;
}

export interface InspectedLayer {
  readonly node: string;
  readonly kind: string;
  /** What it gives, over the first mini-batch. */
  readonly activations: Distribution;
  /** The gradient of the mean loss with respect to that; null where nothing up to here learns. */
  readonly gradients: Distribution | null;
  /** What it learns, with the gradient of the mean loss. */
  readonly parameters: readonly {
    readonly name: string;
    readonly values: Distribution;
    readonly gradients: Distribution;
  }[];
}

export interface InspectResult {
  /** Examples of the first mini-batch. */
  readonly examples: number;
  /** In the order of computation; layers that only look at the same values under another shape are left out. */
  readonly layers: readonly InspectedLayer[];
}
