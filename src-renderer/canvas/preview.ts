/** What a layer makes of the first training example, as small as it is shown on its card. */
export type Preview =
  | {
      /** Channels of an image: opacities 0…255 of `width` × `height` pixels each, row by row. */
      readonly type: 'maps';
      readonly width: number;
      readonly height: number;
      readonly maps: readonly Uint8ClampedArray[];
    }
  | { readonly type: 'bars'; readonly values: ArrayLike<number> };
