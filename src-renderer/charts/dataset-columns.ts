/** Draws what stands in the columns of a dataset that has neither images nor points: how their values lie, or examples as lines. */
import type { Dataset } from '../../src-worker/contract/dataset.ts';
import { inTurn, pickPerClass, pictureKind } from './dataset-picture.ts';

/** CSS pixels. */
const GAP = 6;
const LINES = 4;
const BINS = 8;
/** Examples that a distribution is made of. */
const MOST_ROWS = 2000;

export function drawColumns(
  canvas: HTMLCanvasElement,
  dataset: Dataset,
  size: { width: number; height: number }
): void {
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [size.width * ratio, size.height * ratio];
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  context.fillStyle = context.strokeStyle = getComputedStyle(canvas).color;
  if (pictureKind(dataset.info) === 'columns') drawDistributions(context, dataset, size);
  else drawLines(context, dataset, size);
}

/** How many of the examples lie in each of `BINS` equal parts of a column's range, as shares of the fullest. */
export function distribution({ info, examples }: Dataset, column: number): number[] {
  const columns = info.shape[0]!;
  const rows = Math.min(info.trainCount, MOST_ROWS);
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < rows; row++) {
    const value = examples[row * columns + column]!;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const counts = new Array<number>(BINS).fill(0);
  for (let row = 0; row < rows; row++) {
    const share = high > low ? (examples[row * columns + column]! - low) / (high - low) : 0.5;
    counts[Math.min(BINS - 1, Math.floor(share * BINS))]! += 1;
  }
  const most = Math.max(...counts);
  return counts.map((count) => count / most);
}

type Size = Parameters<typeof drawColumns>[2];

function drawDistributions(context: CanvasRenderingContext2D, dataset: Dataset, { width, height }: Size): void {
  const columns = dataset.info.shape[0]!;
  const cell = Math.min(2 * height, (width + GAP) / columns - GAP);
  const bar = cell / BINS;
  const floor = height - 1;
  for (let column = 0; column < columns; column++) {
    const left = column * (cell + GAP);
    context.fillRect(left, floor, cell, 0.5);
    for (const [bin, share] of distribution(dataset, column).entries()) {
      const tall = share > 0 ? Math.max(1, share * floor) : 0;
      context.fillRect(left + bin * bar, floor - tall, Math.max(1, bar - 0.5), tall);
    }
  }
}

/** The first examples, class after class, each from its least value to its greatest: of a sequence the first channel. */
function drawLines(context: CanvasRenderingContext2D, dataset: Dataset, { width, height }: Size): void {
  const { info, examples } = dataset;
  const [steps, channels] = [info.shape[0]!, info.shape[1] ?? 1];
  const cell = (width + GAP) / LINES - GAP;
  for (const [place, row] of inTurn(pickPerClass(dataset, LINES), LINES).entries()) {
    const values = Array.from({ length: steps }, (_, i) => examples[(row * steps + i) * channels]!);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    context.beginPath();
    for (const [i, value] of values.entries()) {
      const x = place * (cell + GAP) + (i / Math.max(1, steps - 1)) * cell;
      context.lineTo(x, height - 1 - ((value - low) / (high - low || 1)) * (height - 2));
    }
    context.stroke();
  }
}
