/** Takes a folder of IDX files over into the user's data folder: checked wholly first, then copied, then put in place in one step. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { badFile, unreadable } from './faults.ts';
import { fashionMnist, trainLabelsSha256 } from './fashion-mnist.ts';
import { CLASSES_FILE, loadIdxFolder, openIdxFolder, type IdxFolder } from './idx-folder.ts';
import { readIdxData } from './idx.ts';

/** `My Digits (2)` → `my-digits-2`. Throws: `invalid_argument` when nothing usable is left. */
export function datasetName(text: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  if (name !== '') return name;
  throw new LabError(
    'invalid_argument',
    `No dataset name can be made of “${text}”. Give one of lower-case letters, digits and -.`,
    { text }
  );
}

/** The name for a folder when none is given: Fashion-MNIST is recognized, others take that of the folder, links followed. */
export async function nameOfFolder(folder: string): Promise<string> {
  const path = await realpath(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  return (await isFashionMnist(path)) ? fashionMnist.name : datasetName(basename(path));
}

async function isFashionMnist(folder: string): Promise<boolean> {
  const { info, headers } = await openIdxFolder(folder, fashionMnist.name, 'user');
  if (describe(info) !== describe(fashionMnist)) return false;
  const labels = new Uint8Array(headers.trainLabels.sizeBytes);
  await readIdxData(headers.trainLabels, labels);
  return createHash('sha256').update(labels).digest('hex') === trainLabelsSha256;
}

/** Copies `from` to `to`, a folder that does not exist. Throws: `unreadable_file`, `bad_dataset`, `disk_full`; then `to` is not there. */
export async function importIdxFolder(from: string, to: string, name: string): Promise<DatasetInfo> {
  const source = await openIdxFolder(from, name, 'user');
  if (name === fashionMnist.name) checkFashionMnist(source, from);
  await loadIdxFolder(source);
  const partial = join(dirname(to), `.${name}.import`);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    for (const { path } of Object.values(source.headers)) await copyFile(path, join(partial, basename(path)));
    await copyFile(join(from, CLASSES_FILE), join(partial, CLASSES_FILE)).catch(ignoreMissing);
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw unreadable(to, error, 'write');
  }
  return (await openIdxFolder(to, name, 'user')).info;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** The name promises the one set that everybody knows. */
function checkFashionMnist({ info }: IdxFolder, folder: string): void {
  if (describe(info) !== describe(fashionMnist))
    throw badFile(
      folder,
      `This is not ${fashionMnist.title}`,
      describe(fashionMnist),
      describe(info),
      'Import it under another name.'
    );
}

const describe = ({ trainCount, testCount, shape }: Pick<DatasetInfo, 'trainCount' | 'testCount' | 'shape'>): string =>
  `${trainCount} + ${testCount} images of ${shape.join(' × ')}`;
