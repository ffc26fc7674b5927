/** What is said of a folder in which no classes can be found: what is there, how it should look, what to do. */
import { extname, join } from 'node:path';
import { MAX_CLASSES } from '../../../src-worker/contract/dataset.ts';
import type { LabError } from '../../../src-worker/contract/errors.ts';
import { badFile } from '../faults.ts';

/** What lies in a folder, by name. */
export interface FolderEntries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

export const isImageName = (file: string): boolean => ['.png', '.jpg', '.jpeg'].includes(extname(file).toLowerCase());

const KINDS = 'PNG or JPEG images (.png, .jpg, .jpeg)';
const CLASSES = 'one folder of images for each class, at once or in a folder “train” (and “test”)';

/** `classes`: the folders that should be classes, of which there is none, a single one, or more than a label can tell apart. */
export function notTheClasses(root: string, { files, folders: classes }: FolderEntries): LabError {
  const images = files.filter(isImageName);
  if (classes.length > MAX_CLASSES)
    return badFile(
      root,
      'There are too many classes',
      `at most ${MAX_CLASSES}`,
      `${classes.length} folders`,
      'Put classes together, or take some of them.'
    );
  if (classes.length === 1) {
    const loose = images.length > 0 ? ` and ${counted(images, 'image')} beside it` : '';
    const remedy = 'A network learns to tell at least two classes apart: add a folder for each of the others.';
    return badFile(root, 'There is only one class', CLASSES, `the folder “${classes[0]}”${loose}`, remedy);
  }
  if (images.length > 0) {
    const example = ['cat', 'dog'].map((name) => join(root, name, images[0]!)).join(', ');
    const remedy = `Put the images of each class into a folder that has its name: ${example}.`;
    return badFile(root, 'The images lie in no folders of classes', CLASSES, counted(images, 'image'), remedy);
  }
  return badFile(
    root,
    'Here is nothing that can be imported',
    `${CLASSES}; or four IDX files (train-images-idx3-ubyte …)`,
    files.length > 0 ? counted(files, 'file') : 'an empty folder',
    files.some((file) => /\.(csv|tsv)$/i.test(file)) ? 'Name a table itself, not its folder.' : 'Name another folder.'
  );
}

/** `inner`: the only folder in `root`, which holds several, as archives often unpack. */
export function oneFolderTooHigh(root: string, inner: string): LabError {
  const found = `the folder “${inner}” alone, which holds others`;
  return badFile(root, 'The classes lie one folder deeper', CLASSES, found, `Import ${join(root, inner)}.`);
}

/** `bare`: every class without images, with what lies in its folder instead. */
export function classesWithoutImages(root: string, bare: ReadonlyMap<string, FolderEntries>): LabError {
  const [[first, { files, folders }] = ['', { files: [], folders: [] }]] = bare;
  const others = [...bare.keys()].slice(1);
  const inside = [
    ...(files.length > 0 ? [counted(files, 'file')] : []),
    ...(folders.length > 0 ? [counted(folders, 'folder')] : [])
  ];
  const what = others.length > 0 ? `This class has no images, like ${others.join(', ')}` : 'This class has no images';
  const remedy = 'Add images, saved as PNG or JPEG and not in folders of their own, or remove the folder.';
  return badFile(join(root, first), what, KINDS, inside.join(' and ') || 'an empty folder', remedy);
}

/** `3 images (a.png …)` */
const counted = (names: readonly string[], what: string): string =>
  `${names.length} ${what}${names.length === 1 ? '' : 's'} (${names.toSorted()[0]}${names.length > 1 ? ' …' : ''})`;
