/** Sizes on the canvas, in its own pixels (at zoom 1). Known without measuring, so that the layout needs no drawing. */
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
export type Rect = Point & Size;

export const NODE_WIDTH = 236;
/** Between a layer and the next below it: room for the wire and the shape beside it. */
export const GAP = 40;
/** Between columns, and between branches. */
export const COLUMN_GAP = 88;
export const BRANCH_GAP = 32;

const HEAD = 36;
const COUNTS = 28;
const STRIP = 34;
/** Pictures of the examples: images in a row, or points; below them what they are. */
const IMAGES = 26;
const POINTS = 58;
const FACTS = 22;

export interface CardParts {
  readonly hasCounts: boolean;
  readonly hasPreview: boolean;
}

export const layerSize = ({ hasCounts, hasPreview }: CardParts): Size => ({
  width: NODE_WIDTH,
  height: HEAD + (hasPreview ? STRIP : 0) + (hasCounts ? COUNTS : 0)
});

export const inputSize = (dataset: DatasetInfo | undefined): Size => ({
  width: NODE_WIDTH,
  height: HEAD + (dataset ? FACTS : 0) + (dataset?.shape.length === 3 ? IMAGES : dataset?.shape[0] === 2 ? POINTS : 0)
});

export const trainingSize: Size = { width: NODE_WIDTH, height: HEAD + 22 };

export const overlaps = (a: Rect, b: Rect, margin = 0): boolean =>
  a.x < b.x + b.width + margin &&
  b.x < a.x + a.width + margin &&
  a.y < b.y + b.height + margin &&
  b.y < a.y + a.height + margin;
