/**
 * Decodes a PNG or JPEG file to bytes, grey or RGB. Transparent pixels are laid on white; an orientation in Exif data is ignored.
 *
 * A file is data from anywhere: it is inflated to what its header claims and not a byte further, and a file that is cut off or damaged
 * is refused, never filled up with grey.
 */
import { crc32, inflateSync } from 'node:zlib';
import { decode as decodePng, type DecodedPng } from 'fast-png';
import jpeg from 'jpeg-js';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { badFile } from '../faults.ts';
import type { ImageHeader } from './image-header.ts';

/** Shape of `data`: height × width × channels, row-major. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

const MAX_JPEG_MEMORY_MB = 2048;

/** Throws: `bad_dataset`. */
export function decodeImage(path: string, bytes: Buffer, header: ImageHeader): Pixels {
  try {
    return header.format === 'png' ? fromPng(decodePng(wholePng(path, bytes))) : fromJpeg(path, bytes, header);
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw badFile(path, 'The image is damaged', header.format.toUpperCase(), (error as Error).message);
  }
}

const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/** The chunks that pixels are made of, checked; the decoder would inflate embedded profiles and data without a limit. */
function wholePng(path: string, bytes: Buffer): Uint8Array {
  const parts = [bytes.subarray(0, 8)];
  const data: Buffer[] = [];
  for (let at = 8, type = ''; type !== 'IEND'; at = at + 12 + bytes.readUInt32BE(at)) {
    const end = at + 12 <= bytes.length ? at + 12 + bytes.readUInt32BE(at) : Infinity;
    if (end > bytes.length) throw badFile(path, 'The file is cut off', 'an IEND chunk', `${bytes.length} bytes`);
    type = bytes.toString('latin1', at + 4, at + 8);
    if (!NEEDED.has(type)) continue;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      throw badFile(path, `The checksum of chunk ${type} at byte ${at} is wrong`, 'an undamaged file', 'another sum');
    parts.push(bytes.subarray(at, end));
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, end - 4));
  }
  const size = inflatedSize(bytes);
  const { length } = inflateSync(Buffer.concat(data), { maxOutputLength: size });
  if (length !== size) throw badFile(path, 'The image data is cut off', `${size} bytes`, `${length} bytes`);
  return Buffer.concat(parts);
}

/** First column, first row and steps of the seven passes of an interlaced image (PNG, section 8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2]
] as const;

/** Each row has a byte for its filter. */
function inflatedSize(bytes: Buffer): number {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth, colourType, interlaced] = [bytes[24]!, bytes[25]!, bytes[28] === 1];
  const bits = depth * ({ 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType] ?? 0);
  const passes = interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  return passes.reduce((sum, [left, top, stepX, stepY]) => {
    const [columns, rows] = [Math.ceil((width - left) / stepX), Math.ceil((height - top) / stepY)];
    return columns <= 0 || rows <= 0 ? sum : sum + rows * (1 + Math.ceil((columns * bits) / 8));
  }, 0);
}

function fromPng(png: DecodedPng): Pixels {
  const { width, height, palette, transparency } = png;
  const count = width * height;
  const samples = samplesOf(png);
  if (palette) {
    const data = new Uint8Array(3 * count);
    for (let i = 0; i < count; i++) {
      const colour = palette[samples[i]!];
      if (!colour) throw new Error(`pixel ${i} has colour ${samples[i]} of ${palette.length}`);
      for (let c = 0; c < 3; c++) data[3 * i + c] = onWhite(colour[c]!, colour[3] ?? 255);
    }
    return { width, height, channels: 3, data };
  }
  const channels = png.channels < 3 ? 1 : 3;
  const data = new Uint8Array(channels * count);
  for (let i = 0; i < count; i++) {
    const from = i * png.channels;
    const isClear =
      transparency?.length === channels &&
      transparency.every((value, c) => toByte(value, png.depth) === samples[from + c]);
    const alpha = png.channels > channels ? samples[from + channels]! : isClear ? 0 : 255;
    for (let c = 0; c < channels; c++) data[i * channels + c] = onWhite(samples[from + c]!, alpha);
  }
  return { width, height, channels, data };
}

/** One byte a sample. Numbers of a palette stay as they are; samples of fewer than 8 bits are packed, each row from a new byte. */
function samplesOf({ width, height, depth, channels, data, palette }: DecodedPng): Uint8Array {
  if (depth === 8) return data as Uint8Array;
  if (depth === 16) return Uint8Array.from(data, (value) => toByte(value, 16));
  const perRow = width * channels;
  const rowBytes = Math.ceil((perRow * depth) / 8);
  const mask = 2 ** depth - 1;
  return Uint8Array.from({ length: height * perRow }, (_, i) => {
    const [row, bit] = [Math.floor(i / perRow), (i % perRow) * depth];
    const value = (data[row * rowBytes + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask;
    return palette ? value : toByte(value, depth);
  });
}

const toByte = (value: number, depth: number): number => Math.round((value * 255) / (2 ** depth - 1));
const onWhite = (value: number, alpha: number): number => Math.round((value * alpha + 255 * (255 - alpha)) / 255);

function fromJpeg(path: string, bytes: Buffer, { scanAt, width, height, isColour }: ImageHeader): Pixels {
  // The decoder reads a missing rest as zeros.
  if (bytes.indexOf(Buffer.from([0xff, 0xd9]), scanAt) < 0)
    throw badFile(path, 'The file is cut off', 'an end marker, 0xffd9', `${bytes.length} bytes without it`);
  const { data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxMemoryUsageInMB: MAX_JPEG_MEMORY_MB
  });
  if (isColour) return { width, height, channels: 3, data };
  return { width, height, channels: 1, data: Uint8Array.from({ length: width * height }, (_, i) => data[3 * i]!) };
}
