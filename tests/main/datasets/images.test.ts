import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage, type Pixels } from '../../../src-main/datasets/images/decode-image.ts';
import { readImageHeader } from '../../../src-main/datasets/images/image-header.ts';
import { importImages } from '../../../src-main/datasets/images/import-images.ts';
import { fitImage } from '../../../src-main/datasets/images/resize.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { rejection } from './files.ts';
import { chunk, colourJpeg, flatPng, folderOf, greyJpeg, png, rawPng, twoClasses } from './image-files.ts';

const decoded = (bytes: Uint8Array): Pixels => {
  const buffer = Buffer.from(bytes);
  return decodeImage('x', buffer, readImageHeader('x', buffer));
};
const valuesOf = (bytes: Uint8Array) => {
  const { channels, data } = decoded(bytes);
  return { channels, data: [...data] };
};

describe('a decoded image', () => {
  it.each([
    ['grey', png(3, 2, 1, [0, 10, 20, 30, 40, 255]), 1, [0, 10, 20, 30, 40, 255]],
    ['RGB', png(2, 1, 3, [1, 2, 3, 250, 251, 252]), 3, [1, 2, 3, 250, 251, 252]],
    ['grey with alpha, laid on white', png(3, 1, 2, [0, 255, 0, 0, 100, 51]), 1, [0, 255, 224]],
    ['RGB with alpha, laid on white', png(2, 1, 4, [10, 20, 30, 255, 10, 20, 30, 0]), 3, [10, 20, 30, 255, 255, 255]],
    [
      '16 bits',
      rawPng({ width: 2, height: 1, depth: 16, colourType: 0, rows: [0, 0xff, 0xff, 0x80, 0x80] }),
      1,
      [255, 128]
    ],
    [
      '1 bit, rows of 10',
      rawPng({ width: 10, height: 2, depth: 1, colourType: 0, rows: [0, 0b10000001, 0b01000000, 0, 255, 192] }),
      1,
      [255, 0, 0, 0, 0, 0, 0, 255, 0, 255, ...new Array<number>(10).fill(255)]
    ],
    ['4 bits', rawPng({ width: 3, height: 1, depth: 4, colourType: 0, rows: [0, 0x0f, 0x80] }), 1, [0, 255, 136]],
    [
      'a palette of 2 bits, one colour clear',
      rawPng({
        width: 3,
        height: 1,
        depth: 2,
        colourType: 3,
        rows: [0, 0b00011000],
        more: [chunk('PLTE', Buffer.from([9, 8, 7, 1, 2, 3, 50, 60, 70])), chunk('tRNS', Buffer.from([255, 0]))]
      }),
      3,
      [9, 8, 7, 255, 255, 255, 50, 60, 70]
    ],
    [
      'a clear grey',
      rawPng({
        width: 2,
        height: 1,
        depth: 8,
        colourType: 0,
        rows: [0, 7, 8],
        more: [chunk('tRNS', Buffer.from([0, 7]))]
      }),
      1,
      [255, 8]
    ],
    [
      'interlaced: pixels 0 0, 1 0, then the row below',
      rawPng({ width: 2, height: 2, depth: 8, colourType: 0, interlaced: true, rows: [0, 11, 0, 22, 0, 33, 44] }),
      1,
      [11, 22, 33, 44]
    ]
  ])('of PNG: %s', (_, bytes, channels, data) => {
    expect(valuesOf(bytes)).toEqual({ channels, data });
  });

  it.each(['baseline', 'progressive'] as const)('of JPEG: grey, %s', (kind) => {
    const { width, height, channels, data } = decoded(greyJpeg([0, 255, 100], kind));
    expect([width, height, channels]).toEqual([24, 8, 1]);
    expect([0, 7, 8, 15, 16, 23, 24 + 8].map((at) => data[at])).toEqual([0, 0, 255, 255, 100, 100, 255]);
  });

  it('of JPEG: RGB, to the precision of its quantization', () => {
    const rgb = Array.from({ length: 256 }, (_, i) => [(i % 16) * 12, Math.floor(i / 16) * 12, 128]).flat();
    const { channels, data } = decoded(colourJpeg(16, 16, rgb));
    expect(channels).toBe(3);
    const error = rgb.reduce((sum, value, at) => sum + Math.abs(value - data[at]!), 0) / rgb.length;
    expect(error).toBeLessThan(4);
  });
});

describe('another size', () => {
  const ramp: Pixels = { height: 2, width: 4, channels: 1, data: Uint8Array.of(0, 40, 80, 120, 100, 140, 180, 220) };

  it('is the same image at the same size', () => {
    expect([...fitImage(ramp, [2, 4, 1])]).toEqual([...ramp.data]);
  });

  it('is bilinear when it grows: twice as wide puts quarters between', () => {
    const row = { ...ramp, height: 1, data: ramp.data.subarray(0, 4) };
    expect([...fitImage(row, [1, 8, 1])]).toEqual([0, 10, 30, 50, 70, 90, 110, 120]);
  });

  it('weighs all pixels when it shrinks: half as wide takes 3 : 3 : 1 at the edge', () => {
    const row = { ...ramp, height: 1, data: ramp.data.subarray(0, 4) };
    const weighed = Math.round((3 * 0 + 3 * 40 + 1 * 80) / 7);
    expect([...fitImage(row, [1, 2, 1])]).toEqual([weighed, 120 - weighed]);
  });

  it('keeps a flat image flat, whatever the sizes', () => {
    const flat: Pixels = { height: 7, width: 5, channels: 3, data: new Uint8Array(105).fill(77) };
    for (const [height, width] of [
      [1, 1],
      [3, 9],
      [28, 28],
      [6, 2]
    ] as const)
      expect(new Set(fitImage(flat, [height, width, 3]))).toEqual(new Set([77]));
  });

  it('becomes grey by luma, and RGB by repetition', () => {
    const colour: Pixels = { height: 1, width: 3, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255) };
    expect([...fitImage(colour, [1, 3, 1])]).toEqual([76, 150, 29]);
    expect([...fitImage({ ...ramp, height: 1, width: 2, data: Uint8Array.of(5, 6) }, [1, 2, 3])]).toEqual([
      5, 5, 5, 6, 6, 6
    ]);
  });
});

const good = Buffer.from(flatPng(5));
const noise = randomStream(1, 'generate/png');
const large = Buffer.from(
  png(
    40,
    40,
    1,
    Array.from({ length: 1600 }, () => noise.below(256))
  )
);
const bomb = deflateSync(Buffer.alloc(50_000_000));
describe('a bad image', () => {
  it.each<[string, Uint8Array | string, string]>([
    ['an empty file', '', 'neither PNG nor JPEG. Expected first bytes 0x89504e47 or 0xffd8ff, found an empty file.'],
    ['a GIF', 'GIF89a________', 'neither PNG nor JPEG'],
    [
      'a PNG cut off in its data',
      large.subarray(0, 800),
      'The file is cut off. Expected an IEND chunk, found 800 bytes.'
    ],
    ['a PNG without an end', good.subarray(0, good.length - 12), 'The file is cut off.'],
    ['a PNG of its signature alone', good.subarray(0, 8), 'The PNG header is missing.'],
    [
      'a flipped bit',
      Buffer.from(large).fill(large[700]! ^ 1, 700, 701),
      'The checksum of chunk IDAT at byte 33 is wrong.'
    ],
    [
      'too few rows',
      rawPng({ width: 2, height: 2, depth: 8, colourType: 0, rows: [0, 1, 2] }),
      'The image data is cut off. Expected 6 bytes, found 3 bytes.'
    ],
    [
      'a filter that does not exist',
      rawPng({ width: 2, height: 1, depth: 8, colourType: 0, rows: [9, 1, 2] }),
      'The image is damaged.'
    ],
    [
      'a colour type that does not exist',
      rawPng({ width: 2, height: 1, depth: 8, colourType: 5, rows: [0, 1, 2] }),
      'The image is damaged.'
    ],
    [
      'a colour outside the palette',
      rawPng({
        width: 1,
        height: 1,
        depth: 8,
        colourType: 3,
        rows: [0, 3],
        more: [chunk('PLTE', Buffer.from([1, 2, 3]))]
      }),
      'pixel 0 has colour 3 of 1'
    ],
    ['no pixels', rawPng({ width: 0, height: 4, depth: 8, colourType: 0, rows: [] }), 'The image is empty.'],
    [
      '2³¹ × 2³¹ pixels',
      rawPng({ width: 2 ** 31, height: 2 ** 31, depth: 8, colourType: 0, rows: [0] }),
      'The image is larger than the lab reads.'
    ],
    [
      'a JPEG of 65535 × 65535',
      Buffer.from(greyJpeg([1])).fill(0xff, 0x4c, 0x50),
      'The image is larger than the lab reads.'
    ],
    ['a JPEG cut off', greyJpeg([0, 255, 3, 90, 7]).subarray(0, -4), 'The file is cut off. Expected an end marker'],
    ['a JPEG of its head alone', greyJpeg([1]).subarray(0, 100), 'The file is cut off. Expected a frame and a scan'],
    [
      'a lossless JPEG',
      Buffer.from(greyJpeg([1])).fill(0xc3, 0x48, 0x49),
      'This kind of JPEG cannot be read. Expected baseline or progressive, found frame type 3. Save it as PNG.'
    ]
  ])('is named and nothing is imported: %s', async (_, bytes, message) => {
    const folder = folderOf({ ...twoClasses(), 'dog/bad.png': bytes });
    const fault = await rejection(importImages(folder, { size: [2, 3] }));
    expect([fault.code, fault.message]).toEqual(['bad_dataset', expect.stringContaining(message)]);
    expect(fault.message).toContain(join(folder, 'dog/bad.png: '));
  });

  it('cannot inflate beyond its size: in the data, or in a colour profile', async () => {
    const inData = rawPng({ width: 3, height: 2, depth: 8, colourType: 0, rows: Buffer.alloc(50_000_000) });
    expect((await rejection(importImages(folderOf({ ...twoClasses(), 'cat/bomb.png': inData }), {}))).message).toMatch(
      /bomb\.png: The image is damaged\. Expected PNG, found Cannot create a Buffer larger than 8 bytes/
    );
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('name\0\0', 'latin1'), bomb]));
    const before = process.memoryUsage().arrayBuffers;
    expect(
      valuesOf(rawPng({ width: 1, height: 1, depth: 8, colourType: 0, rows: [0, 7], more: [profile] })).data
    ).toEqual([7]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('ends in an image or in an error, wherever a byte is wrong', () => {
    const random = randomStream(3, 'generate/damage');
    const originals = [
      good,
      large,
      colourJpeg(16, 16, new Array<number>(768).fill(90)),
      greyJpeg([1, 200, 30], 'progressive')
    ];
    const outcomes = { image: 0, error: 0 };
    for (let n = 0; n < 2000; n++) {
      const bytes = Buffer.from(originals[n % originals.length]!);
      for (let k = 0; k <= n % 3; k++) bytes[random.below(bytes.length)] = random.below(256);
      try {
        const { data, width, height, channels } = decoded(bytes);
        expect(data).toHaveLength(width * height * channels);
        outcomes.image++;
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_dataset' });
        outcomes.error++;
      }
    }
    expect(Math.min(outcomes.image, outcomes.error)).toBeGreaterThan(200);
  }, 60_000);
});
