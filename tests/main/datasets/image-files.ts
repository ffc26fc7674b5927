/** Small PNG and JPEG files for the tests: by the libraries' encoders, and byte by byte where those cannot write a form. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { emptyFolder } from './files.ts';

/** A folder with these files, by path. */
export function folderOf(files: Record<string, Uint8Array | string>, name = 'images'): string {
  const folder = join(emptyFolder(), name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export const png = (width: number, height: number, channels: number, data: ArrayLike<number>): Uint8Array =>
  encodePng({ width, height, channels, data: Uint8Array.from(data) });

/** Every pixel has this value. */
export const flatPng = (value: number, width = 3, height = 2): Uint8Array =>
  png(width, height, 1, new Array<number>(width * height).fill(value));

export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

interface RawPng {
  width: number;
  height: number;
  depth: number;
  colourType: number;
  /** Rows as they are stored, each with its filter byte in front; or anything else that is to be compressed. */
  rows: ArrayLike<number>;
  interlaced?: boolean;
  /** Chunks between header and data. */
  more?: Buffer[];
}

export function rawPng({ width, height, depth, colourType, rows, interlaced, more = [] }: RawPng): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8);
  const data = chunk('IDAT', deflateSync(Uint8Array.from(rows)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), ...more, data, chunk('IEND', Buffer.alloc(0))]);
}

/** RGB, baseline. `data`: three bytes a pixel. */
export function colourJpeg(width: number, height: number, data: ArrayLike<number>, quality = 95): Buffer {
  const rgba = Buffer.alloc(4 * width * height, 255);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgba[4 * i + c] = data[3 * i + c]!;
  return jpeg.encode({ width, height, data: rgba }, quality).data;
}

/**
 * A grey JPEG of blocks of 8 × 8 pixels, each of one value: DC coefficients alone, so that baseline and progressive differ in a marker.
 *
 * DC = 8·(value − 128), quantization 1; a difference of `size` bits is the code of its size, here four bits, and the bits themselves.
 */
export function greyJpeg(
  values: readonly number[],
  kind: 'baseline' | 'progressive' = 'baseline',
  exif = false
): Buffer {
  const isProgressive = kind === 'progressive';
  const segment = (marker: number, ...body: number[]) => [
    0xff,
    marker,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
    ...body
  ];
  let bits = '';
  let before = 0;
  for (const value of values) {
    const difference = 8 * (value - 128) - before;
    before += difference;
    const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    bits += size.toString(2).padStart(4, '0');
    if (size > 0) bits += (difference < 0 ? difference + 2 ** size - 1 : difference).toString(2).padStart(size, '0');
    if (!isProgressive) bits += '0'; // end of block
  }
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, '1'), 2));
  return Buffer.from([
    ...[0xff, 0xd8],
    ...(exif ? segment(0xe1, ...Buffer.from('Exif\0\0MM\0*')) : []),
    ...segment(0xdb, 0, ...new Array<number>(64).fill(1)),
    ...segment(isProgressive ? 0xc2 : 0xc0, 8, 0, 8, 0, 8 * values.length, 1, 1, 0x11, 0),
    ...segment(0xc4, 0x00, 0, 0, 0, 12, ...new Array<number>(12).fill(0), ...Array.from({ length: 12 }, (_, at) => at)),
    ...(isProgressive ? [] : segment(0xc4, 0x10, 1, ...new Array<number>(15).fill(0), 0)),
    ...segment(0xda, 1, 1, 0x00, 0, isProgressive ? 0 : 63, 0),
    ...bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])),
    ...[0xff, 0xd9]
  ]);
}

/** Ten images of each class; image i of class c has value 100·c + i. */
export const twoClasses = (extension = 'png') =>
  Object.fromEntries(
    ['cat', 'dog'].flatMap((name, c) =>
      Array.from({ length: 10 }, (_, i) => [`${name}/${i}.${extension}`, flatPng(100 * c + i)] as const)
    )
  );
