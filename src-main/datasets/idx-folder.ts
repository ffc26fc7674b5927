/**
 * A folder with the four IDX files of a dataset in the MNIST manner: images and labels, for training and for testing.
 *
 * The same for the user's sets, the system's packages and a folder about to be imported.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MAX_CLASSES, type Dataset, type DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { badFile, unreadable } from './faults.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { readIdxData, readIdxHeader, type IdxHeader } from './idx.ts';

/** `train-images-idx3-ubyte`, `.gz` or not; some mirrors write `train-images.idx3-ubyte`. Images may have 2 to 4 dimensions. */
const patterns = {
  trainImages: /^train-images[-.]idx[234]-ubyte(\.gz)?$/,
  trainLabels: /^train-labels[-.]idx1-ubyte(\.gz)?$/,
  testImages: /^t10k-images[-.]idx[234]-ubyte(\.gz)?$/,
  testLabels: /^t10k-labels[-.]idx1-ubyte(\.gz)?$/
};
type Part = keyof typeof patterns;
export type IdxFiles = Record<Part, string>;

/** One class name a line; without it the classes are the ten digits, as in MNIST. */
export const CLASSES_FILE = 'classes.txt';
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** The paths of the four files. Throws: `unreadable_file`; `bad_dataset` naming the files that are missing. */
export async function findIdxFiles(folder: string): Promise<IdxFiles> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const found = Object.entries(patterns).map(
    ([part, pattern]) => [part, names.sort().find((name) => pattern.test(name))] as const
  );
  const missing = found.filter(([, name]) => name === undefined).map(([part]) => usualNames[part as Part]);
  if (missing.length > 0)
    throw new LabError(
      'bad_dataset',
      `${folder} has no ${missing.join(', no ')}. A dataset folder holds four IDX files, each plain or with .gz at its end: ${Object.values(usualNames).join(', ')}.`,
      { folder, missing }
    );
  return Object.fromEntries(found.map(([part, name]) => [part, join(folder, name!)])) as IdxFiles;
}

const usualNames: Record<Part, string> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte'
};

/** A folder whose four headers have been read and go together; its data has not been touched. */
export interface IdxFolder {
  readonly info: DatasetInfo;
  readonly headers: Readonly<Record<Part, IdxHeader>>;
}

/** Reads the headers alone. Throws: `unreadable_file`, `bad_dataset`. */
export async function openIdxFolder(folder: string, name: string, origin: DatasetInfo['origin']): Promise<IdxFolder> {
  const files = await findIdxFiles(folder);
  const entries = Object.entries(files).map(async ([part, path]) => [part, await readIdxHeader(path)] as const);
  const headers = Object.fromEntries(await Promise.all(entries)) as Record<Part, IdxHeader>;
  checkTogether(headers);
  const { dimensions } = headers.trainImages;
  const known = name === fashionMnist.name ? fashionMnist : null;
  const info: DatasetInfo = {
    name,
    title: known?.title ?? name,
    origin,
    shape: dimensions.length === 3 ? [dimensions[1]!, dimensions[2]!, 1] : dimensions.slice(1),
    classes: known?.classes ?? (await readClasses(folder)),
    values: [],
    trainCount: dimensions[0]!,
    testCount: headers.testImages.dimensions[0]!,
    encoding: 'bytes',
    license: known?.license ?? 'not stated',
    source: known?.source ?? 'imported'
  };
  return { info, headers };
}

function checkTogether({ trainImages, trainLabels, testImages, testLabels }: Record<Part, IdxHeader>): void {
  for (const [images, labels] of [
    [trainImages, trainLabels],
    [testImages, testLabels]
  ] as const) {
    if (images.dimensions.length < 2) throw badFile(images.path, 'These are not images', '2 to 4 dimensions', '1');
    if (labels.dimensions.length !== 1)
      throw badFile(labels.path, 'These are not labels', '1 dimension', String(labels.dimensions.length));
    if (images.dimensions[0] !== labels.dimensions[0])
      throw badFile(
        labels.path,
        `There is not one label for each image of ${basename(images.path)}`,
        `${images.dimensions[0]} labels`,
        `${labels.dimensions[0]}`,
        'Use files that belong together.'
      );
  }
  const [train, test] = [trainImages, testImages].map(({ dimensions }) => dimensions.slice(1).join(' × '));
  if (train !== test)
    throw badFile(
      testImages.path,
      'The test images are not of the size of the training images',
      train!,
      test!,
      'Use files that belong together.'
    );
}

async function readClasses(folder: string): Promise<string[]> {
  const path = join(folder, CLASSES_FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw unreadable(path, error);
  });
  if (text === null) return DIGITS;
  const classes = text.split(/\r?\n/).map((line) => line.trim());
  while (classes.at(-1) === '') classes.pop();
  if (classes.length < 2 || classes.length > MAX_CLASSES || classes.includes(''))
    throw badFile(
      path,
      'The class names cannot be used',
      `2 to ${MAX_CLASSES} lines with one name each`,
      `${classes.length} lines`,
      'Correct the file.'
    );
  return classes;
}

/** Reads everything. Throws: `unreadable_file`, `bad_dataset`, `out_of_memory`. */
export async function loadIdxFolder({ info, headers }: IdxFolder): Promise<Dataset> {
  const { trainImages, trainLabels, testImages, testLabels } = headers;
  const examples = allocate(trainImages.sizeBytes + testImages.sizeBytes, info);
  const labels = allocate(trainLabels.sizeBytes + testLabels.sizeBytes, info);
  await Promise.all([
    readIdxData(trainImages, examples.subarray(0, trainImages.sizeBytes)),
    readIdxData(testImages, examples.subarray(trainImages.sizeBytes)),
    readLabels(trainLabels, labels.subarray(0, trainLabels.sizeBytes), info.classes.length),
    readLabels(testLabels, labels.subarray(trainLabels.sizeBytes), info.classes.length)
  ]);
  return { info, examples, labels, values: new Float32Array() };
}

async function readLabels(header: IdxHeader, target: Uint8Array, classes: number): Promise<void> {
  await readIdxData(header, target);
  const at = target.findIndex((label) => label >= classes);
  if (at >= 0)
    throw badFile(
      header.path,
      `Label ${at + 1} of ${target.length} is no class`,
      `0 to ${classes - 1} (${classes} classes)`,
      String(target[at]),
      `Correct the file, or name all its classes in ${CLASSES_FILE} beside it, one a line.`
    );
}

function allocate(bytes: number, { name }: DatasetInfo): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new LabError(
      'out_of_memory',
      `${name} needs ${bytes} bytes of memory, more than is free. Close other programs or use fewer examples.`,
      { bytes },
      { cause }
    );
  }
}
