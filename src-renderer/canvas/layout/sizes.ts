/** Sizes on the canvas, in its own pixels (at zoom 1). Known without measuring, so that the layout needs no drawing. */
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import { pictureKind, type PictureKind } from '../../charts/dataset-picture.ts';

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
export const COLUMN_GAP = 72;
export const BRANCH_GAP = 32;

const HEAD = 36;
const COUNTS = 28;
const STRIP = 34;
/** Below the examples, what they are. */
const FACTS = 26;

/** Of what the input's card shows of its dataset. */
export const STRIP_HEIGHT: Readonly<Record<PictureKind, number>> = { images: 22, points: 54, columns: 22, lines: 22 };

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
  height: HEAD + (dataset ? STRIP_HEIGHT[pictureKind(dataset)] + FACTS : 0)
});

export const trainingSize: Size = { width: NODE_WIDTH, height: HEAD + 22 };

export const overlaps = (a: Rect, b: Rect, margin = 0): boolean =>
  a.x < b.x + b.width + margin &&
  b.x < a.x + a.width + margin &&
  a.y < b.y + b.height + margin &&
  b.y < a.y + a.height + margin;
