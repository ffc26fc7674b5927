/** What a dataset consists of, in a strip on the input's card. */
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import { drawColumns } from '../../charts/dataset-columns.ts';
import { drawImages, drawPoints, inTurn, pickPerClass, pictureKind } from '../../charts/dataset-picture.ts';
import type { Size } from '../layout/sizes.ts';

/** CSS pixels between images. */
const GAP = 3;

export function drawStrip(canvas: HTMLCanvasElement, dataset: Dataset, size: Size): void {
  const kind = pictureKind(dataset.info);
  if (kind === 'images') drawRow(canvas, dataset, size);
  else if (kind === 'points') drawPoints(canvas, dataset, { width: size.height, height: size.height });
  else drawColumns(canvas, dataset, size);
  canvas.style.width = `${canvas.width / devicePixelRatio}px`;
  canvas.style.height = `${canvas.height / devicePixelRatio}px`;
}

/** One image of every class; where classes are few, several of each until the strip is full. */
function drawRow(canvas: HTMLCanvasElement, dataset: Dataset, { width, height }: Size): void {
  const inRow = Math.floor((width + GAP) / (height + GAP));
  const classes = pickPerClass(dataset, inRow);
  const columns = inTurn(classes, Math.max(inRow, classes.length)).map((row) => [row]);
  drawImages(canvas, dataset, { columns, cell: Math.min(height, (width + GAP) / columns.length - GAP), gap: GAP });
}
