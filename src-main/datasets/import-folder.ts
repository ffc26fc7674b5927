/** Takes a folder of IDX files over into the user's data folder: checked wholly first, then copied, then put in place in one step. */
import { createHash } from 'node:crypto';
import { copyFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { badFile } from './faults.ts';
import { fashionMnist, trainLabelsSha256 } from './fashion-mnist.ts';
import { CLASSES_FILE, loadIdxFolder, openIdxFolder, type IdxFolder } from './idx-folder.ts';
import { datasetName, placeFolder } from './place.ts';

/** A folder that has been read to its last byte and found good, and the name its set gets. */
export interface Import {
  readonly name: string;
  readonly folder: string;
  readonly source: IdxFolder;
}

/**
 * Reads everything. Without a wanted name, Fashion-MNIST is recognized and others take that of the folder, links followed.
 *
 * Throws: `unreadable_file`, `bad_dataset`, `invalid_argument` (the name), `out_of_memory`.
 */
export async function checkImport(folder: string, wanted: string | undefined): Promise<Import> {
  const source = await openIdxFolder(folder, 'import', 'user');
  const { labels } = await loadIdxFolder(source);
  const size = describe(source.info);
  const isFashionMnist =
    size === describe(fashionMnist) && sha256(labels.subarray(0, source.info.trainCount)) === trainLabelsSha256;
  const own = isFashionMnist ? fashionMnist.name : basename(await realpath(folder));
  const name = datasetName(wanted ?? own);
  if (name === fashionMnist.name && !isFashionMnist) {
    const expected = `${describe(fashionMnist)} with its labels`;
    throw badFile(
      folder,
      `This is not ${fashionMnist.title}`,
      expected,
      `${size} with others`,
      'Import it under another name (--name).'
    );
  }
  return { name, folder, source };
}

/** Copies a checked set to `to`, a folder that does not exist. Throws: `unreadable_file`, `disk_full`; then `to` is not there. */
export async function copyImport({ name, folder, source }: Import, to: string): Promise<void> {
  await placeFolder(to, name, async (partial) => {
    for (const { path } of Object.values(source.headers)) await copyFile(path, join(partial, basename(path)));
    await copyFile(join(folder, CLASSES_FILE), join(partial, CLASSES_FILE)).catch(ignoreMissing);
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const describe = ({ trainCount, testCount, shape }: Pick<DatasetInfo, 'trainCount' | 'testCount' | 'shape'>): string =>
  `${trainCount} + ${testCount} images of ${shape.join(' × ')}`;
