/** Draws the examples of a dataset themselves: images by class, 2-D sets as points. What else there is, see dataset-columns.ts. */
import type { Dataset, DatasetInfo } from '../../src-worker/contract/dataset.ts';

/** Beyond this many, images would be too small to see. */
const MAX_COLUMNS = 20;
const WITHOUT_CLASSES = 10;

/** Beyond as many columns, a distribution of each would be too small to see. */
const MOST_DISTRIBUTIONS = 10;

/** Images, points, how the values of each column lie, or examples as lines. */
export type PictureKind = 'images' | 'points' | 'columns' | 'lines';

export function pictureKind({ shape }: DatasetInfo): PictureKind {
  if (shape.length === 3) return 'images';
  if (shape.length === 1 && shape[0] === 2) return 'points';
  return shape.length === 1 && shape[0]! <= MOST_DISTRIBUTIONS ? 'columns' : 'lines';
}

/** Columns of images: the classes, or the first of them. */
export const columnCount = ({ classes }: DatasetInfo): number =>
  classes.length > 0 ? Math.min(classes.length, MAX_COLUMNS) : WITHOUT_CLASSES;

/** The first `count` training examples of each class that is shown; without classes, the first of all, side by side. */
export function pickPerClass({ info, labels }: Dataset, count: number): number[][] {
  const picks: number[][] = Array.from({ length: columnCount(info) }, () => []);
  let missing = picks.length;
  for (let i = 0; i < info.trainCount && missing > 0; i++) {
    const pick = picks[info.classes.length > 0 ? labels[i]! : i % picks.length];
    if (!pick || pick.length === count) continue;
    pick.push(i);
    if (pick.length === count) missing -= 1;
  }
  return picks;
}

/** The first of every class, then the second of every class, as far as there are some. */
export function inTurn(classes: readonly (readonly number[])[], count: number): number[] {
  const most = Math.max(0, ...classes.map(({ length }) => length));
  const turns = Array.from({ length: most }, (_, turn) => classes.flatMap((rows) => rows[turn] ?? []));
  return turns.flat().slice(0, count);
}

interface Grid {
  /** Example numbers by column, from top to bottom. */
  columns: readonly (readonly number[])[];
  /** CSS pixels. */
  cell: number;
  gap: number;
}

/** Each value becomes the opacity of the canvas' own text colour, so that pictures fit both themes. */
export function drawImages(canvas: HTMLCanvasElement, { info, examples }: Dataset, { columns, cell, gap }: Grid): void {
  const [height = 1, width = 1, channels = 1] = info.shape;
  const ratio = devicePixelRatio;
  const pitch = cell + gap;
  canvas.width = Math.round((columns.length * pitch - gap) * ratio);
  canvas.height = Math.round((Math.max(...columns.map(({ length }) => length)) * pitch - gap) * ratio);
  const context = canvas.getContext('2d')!;
  const [red, green, blue] = colourOf(canvas);
  const tile = new OffscreenCanvas(width, height);
  const tileContext = tile.getContext('2d')!;
  const pixels = tileContext.createImageData(width, height);
  const full = info.encoding === 'bytes' ? 1 : 255;
  for (const [column, picks] of columns.entries())
    for (const [row, pick] of picks.entries()) {
      const from = pick * height * width * channels;
      for (let i = 0; i < height * width; i++) {
        const at = from + i * channels;
        const value = (channel: number) => examples[at + channel]! * full;
        pixels.data.set(channels === 3 ? [value(0), value(1), value(2), 255] : [red, green, blue, value(0)], i * 4);
      }
      tileContext.putImageData(pixels, 0, 0);
      context.drawImage(tile, column * pitch * ratio, row * pitch * ratio, cell * ratio, cell * ratio);
    }
}

/** The first two columns of the training examples, one colour per class, or from one colour to another by the first value. */
export function drawPoints(canvas: HTMLCanvasElement, dataset: Dataset, size: { width: number; height: number }): void {
  const { info, examples } = dataset;
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [size.width * ratio, size.height * ratio];
  const context = canvas.getContext('2d')!;
  const columns = info.shape[0] ?? 2;
  let reach = 0;
  for (let i = 0; i < info.trainCount * columns; i++) reach = Math.max(reach, Math.abs(examples[i]!));
  const scale = (Math.min(canvas.width, canvas.height) / 2 - 3 * ratio) / (reach || 1);
  const colour = pointColours(dataset, getComputedStyle(canvas));
  context.globalAlpha = 0.75;
  for (let i = 0; i < info.trainCount; i++) {
    context.fillStyle = colour(i);
    context.beginPath();
    context.arc(
      canvas.width / 2 + examples[i * columns]! * scale,
      canvas.height / 2 - (columns > 1 ? examples[i * columns + 1]! : 0) * scale,
      1.5 * ratio,
      0,
      2 * Math.PI
    );
    context.fill();
  }
}

function pointColours({ info, labels, values }: Dataset, style: CSSStyleDeclaration): (row: number) => string {
  const colours = Array.from({ length: 7 }, (_, index) => style.getPropertyValue(`--run-${index}`));
  if (info.classes.length > 0) return (row) => colours[labels[row]! % 7]!;
  const targets = info.values.length;
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < info.trainCount; row++) {
    const value = values[row * targets]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return (row) => {
    const share = (values[row * targets]! - low) / (high - low || 1);
    return Number.isNaN(share) ? 'gray' : `color-mix(in oklab, ${colours[1]} ${share * 100}%, ${colours[0]})`;
  };
}

function colourOf(element: Element): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}
