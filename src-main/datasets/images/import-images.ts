/**
 * Makes a dataset of a folder of images, one folder per class.
 *
 * Every file is read twice: its header, so that size, channels and memory are known and allowed, and then its pixels.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Dataset, DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { drawTest } from '../draw-test.ts';
import { badFile, unreadable } from '../faults.ts';
import { decodeImage } from './decode-image.ts';
import { findImages, type FoundImages, type ImageFile } from './find-images.ts';
import { readImageHeader, type ImageHeader } from './image-header.ts';
import { fitImage, type ImageShape } from './resize.ts';

export interface ImageOptions {
  /** [height, width] or [height, width, channels]; without it, all images have one size. */
  readonly size?: readonly number[] | undefined;
  /** Share of the images that is kept for testing, when the folder does not say which. */
  readonly test?: number | undefined;
}

const MAX_FILE_BYTES = 2 ** 26;
const MAX_BYTES = 2 ** 30;

/** Throws: `unreadable_file`, `bad_dataset`, `invalid_argument`, `out_of_memory`. */
export async function importImages(
  folder: string,
  options: ImageOptions
): Promise<{ dataset: Dataset; notes: readonly string[] }> {
  const found = await findImages(folder);
  const { train, test } = partImages(folder, found, options.test);
  const files = [...train, ...test];
  const { shape, withExif } = await commonShape(files, options.size);
  checkSize(folder, files.length, shape);
  const examples = new Uint8Array(files.length * shape.reduce((a, b) => a * b, 1));
  for (const [at, { path }] of files.entries()) {
    const bytes = await readImage(path);
    const pixels = decodeImage(path, bytes, readImageHeader(path, bytes));
    examples.set(fitImage(pixels, shape), at * (examples.length / files.length));
  }
  const info: DatasetInfo = {
    name: '',
    title: '',
    origin: 'user',
    shape: [...shape],
    classes: [...found.classes],
    values: [],
    trainCount: train.length,
    testCount: test.length,
    encoding: 'bytes',
    license: 'not stated',
    source: 'imported'
  };
  const labels = Uint8Array.from(files, ({ label }) => label);
  const exif = `${withExif} JPEG ${withExif === 1 ? 'file carries' : 'files carry'} Exif data; an orientation in it is ignored.`;
  return {
    dataset: { info, examples, labels, values: new Float32Array() },
    notes: [...found.notes, ...(withExif > 0 ? [exif] : [])]
  };
}

function partImages(folder: string, { train, test, classes }: FoundImages, share: number | undefined) {
  if (test && share !== undefined)
    throw new LabError('invalid_argument', `${folder} has a folder “test”, so --test has no meaning. Leave it out.`, {
      option: 'test'
    });
  if (test) return { train, test };
  const labels = Uint8Array.from(train, ({ label }) => label);
  const drawn = drawTest(folder, labels, classes.length, share);
  const at = (rows: Int32Array) => Array.from(rows, (row) => train[row]!);
  return { train: at(drawn.train), test: at(drawn.test) };
}

/** Grey when every image is. Throws: `bad_dataset` when sizes differ and none is asked for. */
async function commonShape(
  files: readonly ImageFile[],
  [height, width, channels]: readonly number[] = []
): Promise<{ shape: ImageShape; withExif: number }> {
  let first: ImageHeader | null = null;
  let [isColour, withExif] = [false, 0];
  for (const { path } of files) {
    const header = readImageHeader(path, await readImage(path));
    first ??= header;
    isColour ||= header.isColour;
    withExif += header.hasExif ? 1 : 0;
    const isOther = header.width !== first.width || header.height !== first.height;
    if (isOther && height === undefined)
      throw badFile(
        path,
        'The images are not of one size',
        `${first.height} × ${first.width} as in ${files[0]!.path}`,
        `${header.height} × ${header.width}`,
        'Bring all to one with --size HEIGHTxWIDTH.'
      );
  }
  const own = isColour ? 3 : 1;
  const wanted = channels === 1 || channels === 3 ? channels : own;
  return { shape: [height ?? first!.height, width ?? first!.width, wanted], withExif };
}

function checkSize(folder: string, count: number, shape: ImageShape): void {
  const bytes = count * shape.reduce((a, b) => a * b, 1);
  if (bytes > MAX_BYTES)
    throw badFile(
      folder,
      'The images are more than the lab takes',
      `at most ${MAX_BYTES} bytes`,
      `${count} of ${shape.join(' × ')}, ${bytes} bytes`,
      'Make them smaller with --size HEIGHTxWIDTH, or take fewer.'
    );
}

/** Does not follow a link that has taken the place of a file since the folder was read. */
async function readImage(path: string): Promise<Buffer> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { size } = await file.stat();
      if (size > MAX_FILE_BYTES)
        throw badFile(
          path,
          'The file is larger than the lab reads',
          `at most ${MAX_FILE_BYTES} bytes`,
          `${size} bytes`
        );
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof LabError ? error : unreadable(path, error);
  }
}
