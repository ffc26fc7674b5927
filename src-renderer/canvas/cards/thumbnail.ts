/**
 * A preview of a layer's activation as a picture of a few hundred pixels. A picture and no canvas on the page: the browser keeps a layer of
 * its own for every canvas, which hundreds of cards would pay for at every frame.
 */
import type { Preview } from '../../../src-worker/contract/preview.ts';

const GAP = 4;
/** CSS pixels. */
export const THUMBNAIL = { width: 202, height: 26 } as const;

/** Hundreds of pictures come at once: they are drawn one by one, with pauses for whatever else the page has to do. */
const SLICE_MS = 5;
/** Browsers encode pictures when they have nothing else to do: one after the other they would come late on a busy machine. */
const MOST_AT_ONCE = 8;
const waiting: (() => Promise<void>)[] = [];
let isDrawing = false;

/** Calls `draw` when its turn has come. */
export function inTurn(draw: () => Promise<void>): void {
  waiting.push(draw);
  if (!isDrawing) void drawAll();
}

async function drawAll(): Promise<void> {
  isDrawing = true;
  let startedAtMs = performance.now();
  const open = new Set<Promise<void>>();
  for (let draw = waiting.shift(); draw; draw = waiting.shift()) {
    const drawn = draw().finally(() => open.delete(drawn));
    open.add(drawn);
    if (open.size >= MOST_AT_ONCE) await Promise.race(open);
    if (performance.now() - startedAtMs < SLICE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    startedAtMs = performance.now();
  }
  isDrawing = false;
}

/** The address of the picture, to be revoked when it is no longer shown; `colour` as `rgb(…)`. */
export async function thumbnailUrl(preview: Preview, colour: string, ratio: number): Promise<string> {
  const canvas = new OffscreenCanvas(THUMBNAIL.width * ratio, THUMBNAIL.height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  if (preview.type === 'maps') drawMaps(context, preview, THUMBNAIL, channelsOf(colour));
  else drawBars(context, preview.values, THUMBNAIL, colour);
  return URL.createObjectURL(await canvas.convertToBlob());
}

interface Size {
  readonly width: number;
  readonly height: number;
}
type Colour = readonly [red: number, green: number, blue: number];

function drawMaps(
  context: OffscreenCanvasRenderingContext2D,
  { width, height, maps }: Extract<Preview, { type: 'maps' }>,
  room: Size,
  colour: Colour
): void {
  const cell = { width: (room.height * width) / height, height: room.height };
  const count = Math.min(maps.length, Math.floor((room.width + GAP) / (cell.width + GAP)));
  const tile = new OffscreenCanvas(width, height);
  const tileContext = tile.getContext('2d')!;
  const pixels = tileContext.createImageData(width, height);
  for (let j = 0; j < pixels.data.length; j++) pixels.data[j] = colour[j % 4] ?? 0;
  context.imageSmoothingEnabled = width > cell.width;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width * height; j++) pixels.data[j * 4 + 3] = maps[i]![j]!;
    tileContext.putImageData(pixels, 0, 0);
    context.drawImage(tile, i * (cell.width + GAP), 0, cell.width, cell.height);
  }
}

/** From the middle up and down, the largest as high as there is room; of more values than fit, the largest of neighbours. */
function drawBars(
  context: OffscreenCanvasRenderingContext2D,
  values: ArrayLike<number>,
  { width, height }: Size,
  colour: string
) {
  const count = Math.min(values.length, Math.floor(width / 3));
  const tops = Array.from({ length: count }, (_, i) => {
    let top = 0;
    const [from, to] = [Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count)];
    for (let j = from; j < to; j++) if (Math.abs(values[j]!) > Math.abs(top)) top = values[j]!;
    return top;
  });
  const largest = Math.max(...tops.map(Math.abs)) || 1;
  const hasNegative = tops.some((top) => top < 0);
  const [zero, scale] = hasNegative ? [height / 2, height / 2 / largest] : [height, height / largest];
  const pitch = Math.min(width / count, 10);
  context.fillStyle = colour;
  for (const [i, top] of tops.entries())
    context.fillRect(
      i * pitch,
      top < 0 ? zero : zero - top * scale,
      Math.max(1, pitch - 1),
      Math.abs(top) * scale || 0.5
    );
}

function channelsOf(colour: string): Colour {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}
