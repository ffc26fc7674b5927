import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatasets } from '../../../src-main/datasets/datasets.ts';
import { importImages } from '../../../src-main/datasets/images/import-images.ts';
import { emptyFolder, rejection } from './files.ts';
import { colourJpeg, flatPng, folderOf, greyJpeg, twoClasses } from './image-files.ts';

const good = flatPng(5);

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
