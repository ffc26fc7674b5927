/** A screenshot with 256 colours of its own choice: a third of the bytes, no difference to the eye. */
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';

interface Indexed {
  width: number;
  height: number;
  palette: number[];
  /** One character per pixel. */
  indices: string;
}

export async function smallPng(page: Page, screenshot: Buffer): Promise<Buffer> {
  const source = `data:image/png;base64,${screenshot.toString('base64')}`;
  const { width, height, palette, indices } = await page.evaluate(quantize, source);
  const pixels = Buffer.from(indices, 'latin1');
  const rows = Array.from({ length: height }, (_, y) => [
    Buffer.alloc(1),
    pixels.subarray(y * width, (y + 1) * width)
  ]).flat();
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0))
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/**
 * Runs in the page, which can decode pictures. The 192 commonest colours stay as they are; the rest is cut at medians.
 *
 * Source: Heckbert 1982, Color image quantization for frame buffer display, section 3.
 */
async function quantize(source: string): Promise<Indexed> {
  const image = new Image();
  image.src = source;
  await image.decode();
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const keyAt = (pixel: number) => (data[pixel * 4]! << 16) | (data[pixel * 4 + 1]! << 8) | data[pixel * 4 + 2]!;
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < width * height; pixel++) counts.set(keyAt(pixel), (counts.get(keyAt(pixel)) ?? 0) + 1);

  const byCount = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
  const boxes = byCount.slice(0, 192).map((key) => [key]);
  const rest = [byCount.slice(192)];
  const channel = (key: number, shift: number) => (key >> shift) & 255;
  const span = (box: number[], shift: number) =>
    Math.max(...box.map((key) => channel(key, shift))) - Math.min(...box.map((key) => channel(key, shift)));
  const widest = (box: number[]) => Math.max(...[16, 8, 0].map((shift) => span(box, shift)));
  while (rest[0]!.length > 1 && boxes.length + rest.length < 256) {
    rest.sort((a, b) => widest(b) - widest(a));
    const box = rest.shift()!;
    const shift = [16, 8, 0].find((one) => span(box, one) === widest(box))!;
    box.sort((a, b) => channel(a, shift) - channel(b, shift));
    rest.push(box.slice(0, box.length >> 1), box.slice(box.length >> 1));
  }

  const palette: number[] = [];
  const indexOf = new Map<number, string>();
  for (const [index, box] of [...boxes, ...rest].filter(({ length }) => length > 0).entries()) {
    for (const shift of [16, 8, 0])
      palette.push(Math.round(box.reduce((sum, key) => sum + channel(key, shift), 0) / box.length));
    for (const key of box) indexOf.set(key, String.fromCharCode(index));
  }
  let indices = '';
  for (let pixel = 0; pixel < width * height; pixel++) indices += indexOf.get(keyAt(pixel))!;
  return { width, height, palette, indices };
}
