/**
 * What an augmentation is: a random change of an example that leaves its meaning, made anew each time it is trained on.
 *
 * There are three sorts. A `move` says where each pixel comes from; moves that follow each other are joined, so that pixels are
 * interpolated once. An `apply` changes values in place. A `mix` draws how much of a second example is mixed in; the caller mixes.
 */
import type { ConfigOf, Fields } from '../contract/fields.ts';
import type { Refusal } from '../contract/refusal.ts';
import type { Random } from '../data/random.ts';
import { resample, stay, type Placement } from './placement.ts';

export type ImageShape = readonly [height: number, width: number, channels: number];

export interface ImageContext {
  readonly shape: ImageShape;
  /** What stands for full brightness: 255 where examples are bytes, 1 where they are floats. */
  readonly unit: number;
  readonly random: Random;
  /** As large as the image; its content is nobody's. */
  readonly scratch: Float32Array;
}

interface Described<F extends Fields> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  /** Needs pixels beside and below each other; the others take columns of a table as well. */
  readonly imagesOnly: boolean;
  /** Which setting is too much for images of this shape and why, or null. */
  refuses?(shape: ImageShape, config: ConfigOf<F>): { readonly setting: string; readonly refusal: Refusal } | null;
}

export interface MoveDefinition<F extends Fields = Fields> extends Described<F> {
  readonly sort: 'move';
  /** Draws a move and puts it behind those that are in `placement`; an example that stays leaves it as it is. */
  move(placement: Placement, context: Pick<ImageContext, 'random' | 'shape'>, config: ConfigOf<F>): void;
  apply(image: Float32Array, context: ImageContext, config: ConfigOf<F>): void;
}

export interface ChangeDefinition<F extends Fields = Fields> extends Described<F> {
  readonly sort: 'change';
  /** Changes the image in place. Shapes: height × width × channels, row-major, as stored. */
  apply(image: Float32Array, context: ImageContext, config: ConfigOf<F>): void;
}

export interface MixDefinition<F extends Fields = Fields> extends Described<F> {
  readonly sort: 'mix';
  /** λ in 0 … 1: x = λ·x₁ + (1 − λ)·x₂, and the same for the targets. */
  mix(random: Random, config: ConfigOf<F>): number;
}

export type AugmentationDefinition = MoveDefinition | ChangeDefinition | MixDefinition;

export function defineMove<const F extends Fields>(
  definition: Omit<MoveDefinition<F>, 'sort' | 'imagesOnly' | 'apply'>
): MoveDefinition {
  const { move } = definition;
  return {
    ...definition,
    sort: 'move',
    imagesOnly: true,
    apply(image, context, config) {
      const placement = stay();
      move(placement, context, config as unknown as ConfigOf<F>);
      resample(image, placement, context);
    }
  } as MoveDefinition<F> as unknown as MoveDefinition;
}

export const defineChange = <const F extends Fields>(definition: Omit<ChangeDefinition<F>, 'sort'>): ChangeDefinition =>
  ({ ...definition, sort: 'change' }) as unknown as ChangeDefinition;

export const defineMix = <const F extends Fields>(
  definition: Omit<MixDefinition<F>, 'sort' | 'imagesOnly'>
): MixDefinition => ({ ...definition, sort: 'mix', imagesOnly: false }) as unknown as MixDefinition;

/** Uniform in −reach … reach. */
export const either = (reach: number, random: Random): number => reach * (2 * random.uniform() - 1);
