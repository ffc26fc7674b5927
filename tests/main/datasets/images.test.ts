import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage, type Pixels } from '../../../src-main/datasets/images/decode-image.ts';
import { readImageHeader } from '../../../src-main/datasets/images/image-header.ts';
import { importImages } from '../../../src-main/datasets/images/import-images.ts';
import { fitImage } from '../../../src-main/datasets/images/resize.ts';
import { openDatasets } from '../../../src-main/datasets/datasets.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { emptyFolder, rejection } from './files.ts';
import { chunk, colourJpeg, flatPng, folderOf, greyJpeg, png, rawPng } from './image-files.ts';

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

/** Ten images of each class; image i of class c has value 100·c + i. */
const twoClasses = (extension = 'png') =>
  Object.fromEntries(
    ['cat', 'dog'].flatMap((name, c) =>
      Array.from({ length: 10 }, (_, i) => [`${name}/${i}.${extension}`, flatPng(100 * c + i)] as const)
    )
  );

describe('a folder of images', () => {
  it('becomes a set: classes by name, a stratified part for testing, the same every time', async () => {
    const folder = folderOf(twoClasses());
    const { dataset, notes } = await importImages(folder, {});
    expect(dataset.info).toMatchObject({
      shape: [2, 3, 1],
      classes: ['cat', 'dog'],
      trainCount: 16,
      testCount: 4,
      encoding: 'bytes'
    });
    expect(notes).toEqual([]);
    const firsts = Array.from(dataset.labels, (_, at) => dataset.examples[6 * at]!);
    expect(firsts.map((value) => Math.floor(value / 100))).toEqual([...dataset.labels]);
    expect(firsts.toSorted((a, b) => a - b)).toEqual([
      ...Array(10).keys(),
      ...Array.from({ length: 10 }, (_, i) => 100 + i)
    ]);
    expect([...dataset.labels.subarray(16)]).toEqual([0, 0, 1, 1]);
    expect((await importImages(folder, {})).dataset).toEqual(dataset);
  });

  it('keeps the parts that it has: train and test, numbered classes in their order', async () => {
    const files = {
      'train/10/a.png': flatPng(1),
      'train/2/b.PNG': flatPng(2),
      'test/2/c.png': flatPng(3),
      'val/2/d.png': flatPng(4)
    };
    const { dataset, notes } = await importImages(folderOf(files), {});
    expect(dataset.info).toMatchObject({ classes: ['2', '10'], trainCount: 2, testCount: 1 });
    expect([...dataset.labels]).toEqual([0, 1, 0]);
    expect([0, 6, 12].map((at) => dataset.examples[at])).toEqual([2, 1, 3]);
    expect(notes).toEqual([expect.stringMatching(/^1 folder left out \(not looked into\): .*val\.$/)]);
  });

  it('is RGB when one image is, and of the size asked for', async () => {
    const files = { 'a/1.png': flatPng(9, 8, 8), 'b/1.jpeg': colourJpeg(16, 16, new Array<number>(768).fill(200)) };
    const colour = (await importImages(folderOf(files), { size: [4, 6], test: 0 })).dataset;
    expect(colour.info.shape).toEqual([4, 6, 3]);
    expect(new Set(colour.examples.subarray(0, 72))).toEqual(new Set([9]));
    for (const value of colour.examples.subarray(72)) expect(Math.abs(value - 200)).toBeLessThan(3);
    const grey = (await importImages(folderOf(files), { size: [4, 6, 1], test: 0 })).dataset;
    expect(grey.info.shape).toEqual([4, 6, 1]);
  });

  it('follows no link, out of the folder or within, and says what it left out', async () => {
    const outside = folderOf({ 'secret.png': flatPng(66) });
    const folder = folderOf({
      ...twoClasses(),
      'cat/notes.txt': 'x',
      'cat/.DS_Store': 'x',
      'cat/more/x.png': flatPng(1)
    });
    symlinkSync(join(outside, 'secret.png'), join(folder, 'cat/secret.png'));
    symlinkSync(outside, join(folder, 'outside'));
    const { dataset, notes } = await importImages(folder, {});
    expect(dataset.info.classes).toEqual(['cat', 'dog']);
    expect(dataset.labels).toHaveLength(20);
    expect(dataset.examples.includes(66)).toBe(false);
    expect(notes.map((note) => note.replace(/: .*/, ''))).toEqual([
      '2 links left out (links are not followed)',
      '1 folder left out (not looked into)',
      '1 file left out (not PNG or JPEG)'
    ]);
  });

  it('says that an orientation in Exif data is ignored', async () => {
    const files = { 'a/1.jpg': greyJpeg([10], 'baseline', true), 'b/1.jpg': greyJpeg([20]) };
    expect((await importImages(folderOf(files), { test: 0 })).notes).toEqual([
      '1 JPEG file carries Exif data; an orientation in it is ignored.'
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

describe('a bad folder', () => {
  const sizes = { ...twoClasses(), 'dog/other.png': flatPng(1, 4, 4) };
  it.each<[string, Record<string, Uint8Array | string>, object, string, string]>([
    [
      'sizes that differ',
      sizes,
      {},
      'bad_dataset',
      'dog/other.png: The images are not of one size. Expected 2 × 3 as in'
    ],
    [
      'one class',
      { 'cat/1.png': good, '2.png': good },
      {},
      'bad_dataset',
      'found the folder “cat” and 1 image (2.png) beside it. A network learns to tell at least two classes apart'
    ],
    [
      'a class without images',
      { ...twoClasses(), 'empty/readme.txt': 'x' },
      {},
      'bad_dataset',
      'empty: This class has no images. Expected PNG or JPEG images (.png, .jpg, .jpeg), found 1 file (readme.txt).'
    ],
    [
      'classes without images that PNG and JPEG are',
      { ...twoClasses(), 'bird/b.webp': 'x', 'bird/a.webp': 'x', 'fish/deep/1.png': good },
      {},
      'bad_dataset',
      'bird: This class has no images, like fish. Expected PNG or JPEG images (.png, .jpg, .jpeg), found 2 files (a.webp …).'
    ],
    [
      'classes one folder too deep',
      { 'pets/cat/1.png': good, 'pets/dog/1.png': good },
      {},
      'bad_dataset',
      'found the folder “pets” alone, which holds others. Import '
    ],
    [
      'parts without classes',
      { 'train/1.png': good, 'train/2.png': good, 'test/3.png': good },
      {},
      'bad_dataset',
      'train: The images lie in no folders of classes.'
    ],
    [
      'a class that is only tested',
      { 'train/a/1.png': good, 'train/b/1.png': good, 'test/c/1.png': good },
      {},
      'bad_dataset',
      'test/c: This class is not among those for training.'
    ],
    [
      'a share of what is parted',
      { 'train/a/1.png': good, 'train/b/1.png': good, 'test/b/1.png': good },
      { test: 0.1 },
      'invalid_argument',
      'so --test has no meaning'
    ],
    [
      'more than can be taken',
      twoClasses(),
      { size: [9999, 9999] },
      'bad_dataset',
      'The images are more than the lab takes. Expected at most 1073741824 bytes, found 20 of 9999 × 9999 × 1'
    ]
  ])('is refused: %s', async (_, files, options, code, message) => {
    const fault = await rejection(importImages(folderOf(files), options));
    expect([fault.code, fault.message]).toEqual([code, expect.stringContaining(message)]);
  });

  it('of more than 256 classes is refused by their names alone', async () => {
    const folder = join(emptyFolder(), 'many');
    for (let n = 0; n < 257; n++) mkdirSync(join(folder, `c${n}`), { recursive: true });
    expect((await rejection(importImages(folder, {}))).message).toContain(
      'There are too many classes. Expected at most 256, found 257 folders.'
    );
  });
});

describe('imported images in the data folder', () => {
  const userFolder = emptyFolder();
  const datasets = openDatasets({
    userFolder,
    systemFolders: [],
    resourcesFolder: join(import.meta.dirname, '../../../resources')
  });

  it('are a set like any other', async () => {
    const { info } = await datasets.importFrom(folderOf(twoClasses(), 'Cats & Dogs'), { title: 'Cats and dogs' });
    expect(info).toMatchObject({ name: 'cats-dogs', title: 'Cats and dogs', origin: 'user', shape: [2, 3, 1] });
    expect(await datasets.list()).toContainEqual(info);
    expect((await datasets.load('cats-dogs')).examples).toHaveLength(120);
  });

  it.each<[string, Record<string, Uint8Array | string>, string]>([
    [
      'loose images',
      { '2.jpg': good, '1.png': good, 'notes.txt': 'x' },
      'The images lie in no folders of classes. Expected one folder of images for each class, at once or in a folder “train” (and “test”), found 2 images (1.png …). Put the images of each class into a folder that has its name: '
    ],
    ['nothing', {}, 'Here is nothing that can be imported.'],
    ['a table', { 'houses.csv': 'a,b' }, 'found 1 file (houses.csv). Name a table itself, not its folder.']
  ])('are refused where the folder has no classes but %s', async (_, files, message) => {
    const folder = join(emptyFolder(), 'loose');
    mkdirSync(folder);
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const fault = await rejection(datasets.importFrom(folder));
    expect([fault.code, fault.message]).toEqual(['bad_dataset', expect.stringContaining(`${folder}: `)]);
    expect(fault.message).toContain(message);
  });

  it('leave nothing behind when one is bad, and take no options of tables', async () => {
    const folder = folderOf(twoClasses());
    await expect(datasets.importFrom(folder, { target: ['x'] })).rejects.toThrow(
      '--target has no meaning for a folder of images'
    );
    writeFileSync(join(folder, 'cat/9.png'), 'oops');
    await rejection(datasets.importFrom(folder));
    expect(readdirSync(join(userFolder, 'datasets'))).toEqual(['cats-dogs']);
  });
});
