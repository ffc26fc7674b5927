import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { decodeDataset, encodeDataset } from '../../../src-worker/contract/dataset.ts';
import { openDatasets, type Datasets } from '../../../src-main/datasets/datasets.ts';
import { emptyFolder, idx, idxFolder, labels, pixels, rejection } from './files.ts';

const resourcesFolder = fileURLToPath(new URL('../../../resources', import.meta.url));
const debian = '/usr/share/datasets';
const hasDebian = existsSync(join(debian, 'fashion-mnist'));
const always = ['fashion-mnist-small', 'circles', 'xor', 'gauss', 'spiral', 'moons', 'plane', 'shapes'];

let userFolder: string;
let datasets: Datasets;
beforeEach(() => {
  userFolder = emptyFolder();
  datasets = openDatasets({ userFolder, systemFolders: [], resourcesFolder });
});
const names = async (of = datasets) => (await of.list()).map(({ name }) => name);
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);
/** What lies in the user's folder of datasets, hidden entries included. */
const stored = () => (existsSync(join(userFolder, 'datasets')) ? readdirSync(join(userFolder, 'datasets')) : []);

describe('without anything installed', () => {
  it('lists the embedded and the generated sets', async () => {
    expect(await names()).toEqual(always);
  });

  it.each(always)('knows and loads %s, and it survives the way to a worker', async (name) => {
    const dataset = await datasets.load(name);
    expect(dataset.info).toEqual(await datasets.info(name));
    expect(dataset.labels.every((label) => label < Math.max(1, dataset.info.classes.length))).toBe(true);
    const travelled = decodeDataset(encodeDataset(dataset).buffer);
    expect(travelled.info).toEqual(dataset.info);
    expect(Buffer.compare(bytesOf(travelled.examples), bytesOf(dataset.examples))).toBe(0);
    expect(Buffer.compare(travelled.labels, dataset.labels)).toBe(0);
    expect(travelled.values).toEqual(dataset.values);
  });

  it('says how to get the full Fashion-MNIST', async () => {
    const { code, message } = await rejection(datasets.load('fashion-mnist'));
    expect(code).toBe('dataset_not_found');
    for (const way of [
      'dataset-fashion-mnist',
      'caviar datasets import DIR',
      'caviar datasets fetch fashion-mnist',
      'fashion-mnist-small'
    ])
      expect(message).toContain(way);
  });

  it('asks whether a set of a similar name is meant', async () => {
    for (const name of ['FASHION-MNIST-SMALL', 'fashion-mnst-small'])
      expect((await rejection(datasets.load(name))).message).toContain('Did you mean “fashion-mnist-small”? Known: ');
  });

  it.each(['nonsense', '', '../datasets', 'toString', '__proto__'])(
    'has no set “%s” and says which there are',
    async (name) => {
      const { code, message } = await rejection(datasets.load(name));
      expect([code, message]).toEqual([
        'dataset_not_found',
        `There is no dataset “${name}”. Known: ${always.join(', ')}. Add one with “caviar datasets import PATH”.`
      ]);
      expect((await rejection(datasets.info(name))).code).toBe('dataset_not_found');
    }
  );
});

describe('the embedded subset', () => {
  it('has 1000 training and 200 test images of each class', async () => {
    const { info, labels: all } = await datasets.load('fashion-mnist-small');
    const count = (part: Uint8Array) => info.classes.map((_, label) => part.filter((one) => one === label).length);
    expect(count(all.subarray(0, 10_000))).toEqual(new Array(10).fill(1000));
    expect(count(all.subarray(10_000))).toEqual(new Array(10).fill(200));
  });

  it('looks like Fashion-MNIST: mean 0.286 and standard deviation 0.353 of the full set, to a hundredth', async () => {
    const { examples } = await datasets.load('fashion-mnist-small');
    const pixelsOf = examples.subarray(0, 10_000 * 784) as Uint8Array;
    const mean = pixelsOf.reduce((sum, value) => sum + value, 0) / pixelsOf.length;
    const variance = pixelsOf.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixelsOf.length;
    expect(mean / 255).toBeCloseTo(0.286, 2);
    expect(Math.sqrt(variance) / 255).toBeCloseTo(0.353, 2);
  });

  it('takes less than 8 MB and brings its licence', () => {
    expect(statSync(join(resourcesFolder, 'datasets/fashion-mnist-small.bin.br')).size).toBeLessThan(8_000_000);
    expect(existsSync(join(resourcesFolder, 'datasets/fashion-mnist.LICENSE'))).toBe(true);
  });

  it.runIf(hasDebian)('holds images of the full set, training from training and test from test', async () => {
    const full = await openDatasets({ userFolder, systemFolders: [debian], resourcesFolder }).load('fashion-mnist');
    const small = await datasets.load('fashion-mnist-small');
    const image = (of: typeof full, row: number) =>
      `${of.labels[row]} ${Buffer.from(of.examples.subarray(row * 784, (row + 1) * 784)).toString('latin1')}`;
    const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
    const training = new Set(rows(0, 60_000).map((row) => image(full, row)));
    const test = new Set(rows(60_000, 70_000).map((row) => image(full, row)));
    expect(rows(0, 10_000).every((row) => training.has(image(small, row)))).toBe(true);
    expect(rows(10_000, 12_000).every((row) => test.has(image(small, row)))).toBe(true);
  });

  it('says so when it is damaged', async () => {
    const resources = emptyFolder();
    mkdirSync(join(resources, 'datasets'));
    const about = { ...(await datasets.info('fashion-mnist-small')), name: 'broken' };
    writeFileSync(join(resources, 'datasets/broken.json'), JSON.stringify(about));
    writeFileSync(join(resources, 'datasets/broken.bin.br'), 'not Brotli');
    const { code, message } = await rejection(
      openDatasets({ userFolder, systemFolders: [], resourcesFolder: resources }).load('broken')
    );
    expect(code).toBe('bad_dataset');
    expect(message).toContain('broken.bin.br: The data is damaged. Expected 9420000 bytes of Brotli');
  });
});

describe.runIf(hasDebian)('the system’s Fashion-MNIST', () => {
  it('is found, listed first and loaded: 70 000 images whose first training label is an ankle boot', async () => {
    const withSystem = openDatasets({ userFolder, systemFolders: [debian], resourcesFolder });
    expect(await names(withSystem)).toEqual(['fashion-mnist', ...always]);
    const { info, examples, labels: all } = await withSystem.load('fashion-mnist');
    expect(info).toMatchObject({
      origin: 'system',
      shape: [28, 28, 1],
      trainCount: 60_000,
      testCount: 10_000,
      encoding: 'bytes'
    });
    expect([examples.length, all.length]).toEqual([70_000 * 784, 70_000]);
    expect(info.classes[all[0]!]).toBe('Ankle boot');
    expect(info.classes[all[60_000]!]).toBe('Ankle boot');
  });

  it('is recognized when it is imported from a folder of another name', async () => {
    const { info } = await datasets.importFrom(join(debian, 'fashion-mnist'));
    expect(info).toMatchObject({ name: 'fashion-mnist', origin: 'user', title: 'Fashion-MNIST' });
    expect(await names()).toEqual(['fashion-mnist', ...always]);
  });
});

describe('importing a folder', () => {
  it('takes the set over under the folder’s name, cleaned', async () => {
    const folder = idxFolder({}, 'Érste Ziffern (2)');
    const { info } = await datasets.importFrom(folder);
    expect(info).toEqual({
      name: 'erste-ziffern-2',
      title: 'erste-ziffern-2',
      origin: 'user',
      shape: [3, 2, 1],
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      values: [],
      trainCount: 20,
      testCount: 10,
      encoding: 'bytes',
      license: 'not stated',
      source: 'imported'
    });
    rmSync(folder, { recursive: true });
    expect(await names()).toEqual([...always, 'erste-ziffern-2']);
    const dataset = await datasets.load('erste-ziffern-2');
    expect(dataset.examples).toEqual(Uint8Array.of(...pixels(20, 6), ...pixels(10, 6)));
    expect(dataset.labels).toEqual(Uint8Array.of(...labels(20), ...labels(10)));
  });

  it('reads gzipped files and the names with a dot', async () => {
    const folder = idxFolder({
      'train-images-idx3-ubyte': null,
      'train-images.idx3-ubyte.gz': gzipSync(idx([20, 3, 2], pixels(20, 6)))
    });
    expect((await datasets.importFrom(folder, { name: 'mixed' })).info).toMatchObject({
      name: 'mixed',
      trainCount: 20
    });
    expect((await datasets.load('mixed')).examples.subarray(0, 120)).toEqual(pixels(20, 6));
  });

  it('reads colour images and plain columns', async () => {
    const colour = idxFolder({
      'train-images-idx3-ubyte': null,
      't10k-images-idx3-ubyte': null,
      'train-images-idx4-ubyte': idx([20, 2, 2, 3], pixels(20, 12)),
      't10k-images-idx4-ubyte': idx([10, 2, 2, 3], pixels(10, 12))
    });
    expect((await datasets.importFrom(colour, { name: 'colour' })).info.shape).toEqual([2, 2, 3]);
    const columns = idxFolder({
      'train-images-idx3-ubyte': idx([20, 5], pixels(20, 5)),
      't10k-images-idx3-ubyte': idx([10, 5], pixels(10, 5))
    });
    expect((await datasets.importFrom(columns, { name: 'columns' })).info.shape).toEqual([5]);
  });

  it('takes class names, and with them the number of classes, from classes.txt', async () => {
    const folder = idxFolder({
      'classes.txt': 'zero\r\none\r\ntwo\r\n3\n4\n5\n6\n7\n8\n9\nten\n\n',
      'train-labels-idx1-ubyte': idx([20], labels(20).fill(10))
    });
    await datasets.importFrom(folder, { name: 'eleven' });
    expect((await datasets.info('eleven')).classes).toEqual([
      'zero',
      'one',
      'two',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      'ten'
    ]);
  });

  it.each<[string, Record<string, Buffer | string | null>, string]>([
    ['a missing file', { 't10k-labels-idx1-ubyte': null }, 'has no t10k-labels-idx1-ubyte.'],
    [
      'label 10 of 10 classes',
      { 'train-labels-idx1-ubyte': idx([20], [...labels(19), 10]) },
      'Label 20 of 20 is no class. Expected 0 to 9 (10 classes), found 10.'
    ],
    [
      'a bad label among the test labels',
      { 't10k-labels-idx1-ubyte': idx([10], labels(10).fill(255, 3)) },
      'Label 4 of 10 is no class. Expected 0 to 9 (10 classes), found 255.'
    ],
    [
      'fewer labels than images',
      { 'train-labels-idx1-ubyte': idx([19], labels(19)) },
      'There is not one label for each image of train-images-idx3-ubyte. Expected 20 labels, found 19.'
    ],
    [
      'test images of another size',
      { 't10k-images-idx3-ubyte': idx([10, 2, 3], pixels(10, 6)) },
      'The test images are not of the size of the training images. Expected 3 × 2, found 2 × 3.'
    ],
    [
      'images in the place of labels',
      { 'train-labels-idx1-ubyte': idx([20, 3, 2], pixels(20, 6)) },
      'These are not labels. Expected 1 dimension, found 3.'
    ],
    [
      'labels in the place of images',
      { 'train-images-idx3-ubyte': idx([20], labels(20)) },
      'These are not images. Expected 2 to 4 dimensions, found 1.'
    ],
    [
      'a truncated file',
      { 'train-images-idx3-ubyte': idx([20, 3, 2], pixels(19, 6)) },
      'The file is cut off. Expected 136 bytes, found 130 bytes.'
    ],
    [
      'a truncated gzip',
      { 'train-images-idx3-ubyte': gzipSync(idx([20, 3, 2], pixels(20, 6))).subarray(0, -12) },
      'The file is cut off. Expected 136 bytes'
    ],
    [
      'four billion images',
      { 'train-images-idx3-ubyte': idx([4_000_000_000, 28, 28], [1]) },
      'found 4000000000 × 28 × 28 bytes.'
    ],
    [
      'a list of classes with a gap',
      { 'classes.txt': 'a\n\nb\n' },
      'The class names cannot be used. Expected 2 to 256 lines with one name each, found 3 lines.'
    ],
    [
      'a file instead of a folder among the four',
      { 'train-labels-idx1-ubyte': Buffer.from([0x1f, 0x8b]) },
      'train-labels-idx1-ubyte: '
    ]
  ])('refuses %s and leaves nothing behind', async (_what, replaced, text) => {
    const { code, message } = await rejection(datasets.importFrom(idxFolder(replaced)));
    expect(code).toBe('bad_dataset');
    expect(message).toContain(text);
    expect(stored()).toEqual([]);
  });

  it('refuses a folder that does not exist, or is a file', async () => {
    const missing = join(userFolder, 'missing');
    expect(await rejection(datasets.importFrom(missing))).toMatchObject({
      code: 'unreadable_file',
      message: `${missing} cannot be read: it does not exist. Check the path.`
    });
    const file = join(idxFolder(), 'train-images-idx3-ubyte');
    expect((await rejection(datasets.importFrom(file))).message).toContain(
      'This cannot be imported. Expected a folder, or a table (.csv, .tsv, .txt, .tab), found “train-images-idx3-ubyte”. Name the folder that holds the files, or a table.'
    );
  });

  it('refuses a name that is taken, embedded and generated ones included', async () => {
    await datasets.importFrom(idxFolder(), { name: 'mine' });
    for (const name of ['mine', 'Mine!', 'xor', 'fashion-mnist-small'])
      expect(await rejection(datasets.importFrom(idxFolder(), { name }))).toMatchObject({
        code: 'invalid_argument'
      });
    expect(stored()).toEqual(['mine']);
  });

  it('refuses another set under the name fashion-mnist, and a name without a letter or digit', async () => {
    const { code, message } = await rejection(datasets.importFrom(idxFolder(), { name: 'fashion-mnist' }));
    expect(code).toBe('bad_dataset');
    expect(message).toContain(
      'This is not Fashion-MNIST. Expected 60000 + 10000 images of 28 × 28 × 1 with its labels, found 20 + 10 images of 3 × 2 × 1 with others. Import it under another name'
    );
    expect((await rejection(datasets.importFrom(idxFolder(), { name: '../..' }))).code).toBe('invalid_argument');
    expect(stored()).toEqual([]);
  });

  it('names the fault of a set before it looks whether the name is free', async () => {
    const cut = idxFolder({ 'train-images-idx3-ubyte': idx([20, 3, 2], pixels(19, 6)) });
    expect((await rejection(datasets.importFrom(cut, { name: 'xor' }))).message).toContain('The file is cut off');
  });

  it('clears what an import that was killed left behind', async () => {
    const partial = join(userFolder, 'datasets/.mine.import');
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'train-images-idx3-ubyte'), 'half');
    expect(await names()).toEqual(always);
    await datasets.importFrom(idxFolder(), { name: 'mine' });
    expect(stored()).toEqual(['mine']);
  });
});

describe('a damaged set in the user’s folder', () => {
  it('is left out of the list, and asking for it says what is wrong', async () => {
    await datasets.importFrom(idxFolder(), { name: 'good' });
    await datasets.importFrom(idxFolder(), { name: 'bad' });
    writeFileSync(join(userFolder, 'datasets/bad/train-labels-idx1-ubyte'), 'oops');
    expect(await names()).toEqual([...always, 'good']);
    const { code, message } = await rejection(datasets.load('bad'));
    expect(code).toBe('bad_dataset');
    expect(message).toContain('This is not an IDX file');
  });

  it.each(['empty', 'damaged'])('does not hide the good one of the system when it is %s', async (state) => {
    const system = emptyFolder();
    cpSync(idxFolder(), join(system, 'mine'), { recursive: true });
    mkdirSync(join(userFolder, 'datasets/mine'), { recursive: true });
    if (state === 'damaged') writeFileSync(join(userFolder, 'datasets/mine/train-labels-idx1-ubyte'), 'oops');
    const both = openDatasets({ userFolder, systemFolders: [system], resourcesFolder });
    expect(await names(both)).toContain('mine');
    expect((await both.load('mine')).info).toMatchObject({ origin: 'system', trainCount: 20 });
  });
});
