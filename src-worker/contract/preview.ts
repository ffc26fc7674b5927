/** What a network that is being built makes of the data, before anything is learned: small enough to be drawn on its layers. */
import type { Dataset, DatasetInfo } from './dataset.ts';
import type { Distribution } from './distribution.ts';
import type { DataSpec, NetworkSpec } from './experiment.ts';
import type { Kinded } from './fields.ts';

/** The first training examples as the first layer gets them, to be asked for once and shown to many networks. */
export interface SampleRequest {
  readonly seed: number;
  readonly data: DataSpec;
  readonly dataset: Dataset;
  /** Examples wanted; there may be fewer. */
  readonly count: number;
}
export interface Sample {
  readonly count: number;
  /** Shape (count, values of an example), normalized. */
  readonly examples: Float32Array;
}

export interface PreviewRequest {
  readonly seed: number;
  /** As far as its shapes are known, every setting filled in: it may end anywhere, and the rest may be broken. */
  readonly network: NetworkSpec;
  readonly info: DatasetInfo;
  readonly sample: Sample;
}

/** What a layer makes of the first example, made smaller. */
export type Preview =
  | {
      /** Channels of an image: opacities 0…255 of `width` × `height` pixels each, row by row. */
      readonly type: 'maps';
      readonly width: number;
      readonly height: number;
      readonly maps: readonly Uint8ClampedArray[];
    }
  | { readonly type: 'bars'; readonly values: Float32Array };

export interface PreviewResult {
  readonly layers: readonly { readonly node: string; readonly preview: Preview }[];
}

/** The first values of one parameter, drawn as a run would. */
export interface WeightsRequest {
  readonly seed: number;
  /** `h1.W`: names its random stream. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Kinded;
  readonly fanIn: number;
  readonly fanOut: number;
}
export type WeightsResult = Distribution;
