/**
 * A set that was imported from a table or from images: a folder with one file in the lab's own binary form (contract/dataset.ts).
 *
 * Written by an import, read like any folder of the user's; its header is compared with the size of the file before memory is taken.
 */
import { open, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  datasetHeadBytes,
  decodeDataset,
  encodeDataset,
  readDatasetHead,
  type Dataset,
  type DatasetInfo
} from '../../src-worker/contract/dataset.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { badFile, unreadable } from './faults.ts';

export const STORED_FILE = 'dataset.caviar';
/** A description of 10 000 columns has about half a megabyte. */
const MAX_HEAD_BYTES = 2 ** 24;
/** Node reads at most 2 GiB at once. */
const CHUNK_BYTES = 2 ** 26;

/** Reads the description alone. Throws: `unreadable_file`, `bad_dataset`. */
export async function openStored(
  folder: string,
  name: string,
  origin: DatasetInfo['origin']
): Promise<{ path: string; info: DatasetInfo }> {
  const path = join(folder, STORED_FILE);
  const info = await withFile(path, async (file, size) => {
    const headBytes = datasetHeadBytes(await readStart(file, Math.min(8, size)));
    if (headBytes > Math.min(MAX_HEAD_BYTES, size))
      throw badFile(path, 'The description cannot be so long', `at most ${size} bytes`, `${headBytes} bytes`);
    return readDatasetHead(await readStart(file, headBytes), size).info;
  });
  // The folder decides: it may have been renamed, or copied from another computer.
  return { path, info: { ...info, name, origin } };
}

/** Throws: `unreadable_file`, `bad_dataset`, `out_of_memory`. */
export async function loadStored({ path, info }: { path: string; info: DatasetInfo }): Promise<Dataset> {
  const dataset = decodeDataset(await withFile(path, async (file, size) => (await readStart(file, size)).buffer));
  const classes = dataset.info.classes.length;
  const at = dataset.labels.findIndex((label) => label >= Math.max(1, classes));
  if (at >= 0)
    throw badFile(path, `Label ${at + 1} is no class`, `below ${classes}`, `${dataset.labels[at]}`, 'Import it again.');
  return { ...dataset, info };
}

export async function writeStored(dataset: Dataset, folder: string): Promise<void> {
  await writeFile(join(folder, STORED_FILE), encodeDataset(dataset));
}

async function withFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const status = await file.stat();
    if (!status.isFile()) throw unreadable(path, { code: status.isDirectory() ? 'EISDIR' : 'ENOTFILE' });
    return await use(file, status.size);
  } catch (error) {
    if (error instanceof LabError)
      throw new LabError(error.code, error.message.startsWith(path) ? error.message : `${path}: ${error.message}`, {
        ...error.details,
        file: path
      });
    throw (error as NodeJS.ErrnoException).syscall ? unreadable(path, error) : error;
  } finally {
    await file?.close();
  }
}

async function readStart(file: FileHandle, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = allocate(size);
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK_BYTES, size - at), at);
    if (bytesRead === 0) throw new LabError('bad_dataset', `The file ended after ${at} of ${size} bytes.`, { size });
    at += bytesRead;
  }
  return bytes;
}

function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const message = `The dataset needs ${bytes} bytes of memory, more than is free. Close other programs.`;
    throw new LabError('out_of_memory', message, { bytes }, { cause });
  }
}
