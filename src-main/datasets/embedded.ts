/** The sets that come with the lab: `NAME.json` says what it is, `NAME.bin.br` holds the examples and then the labels, in Brotli. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { datasetInfoSchema, type Dataset, type DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { badFile, unreadable } from './faults.ts';

const REINSTALL = 'Install Caviar again.';

/** What is there, by name. Throws: `unreadable_file`, `bad_dataset`. */
export async function listEmbedded(folder: string): Promise<DatasetInfo[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(files.map((name) => readInfo(join(folder, name))));
}

async function readInfo(path: string): Promise<DatasetInfo> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    return datasetInfoSchema.parse(JSON.parse(text));
  } catch (error) {
    throw badFile(
      path,
      'The description is damaged',
      'the description of a dataset',
      (error as Error).message,
      REINSTALL
    );
  }
}

/** Throws: `unreadable_file`; `bad_dataset` when the file does not hold exactly what `info` says. */
export async function loadEmbedded(folder: string, info: DatasetInfo): Promise<Dataset> {
  const path = join(folder, `${info.name}.bin.br`);
  const stored = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const count = info.trainCount + info.testCount;
  const size = count * info.shape.reduce((a, b) => a * b, 1);
  const bytes = await promisify(brotliDecompress)(stored, { maxOutputLength: size + count }).catch((error: unknown) => {
    throw badFile(path, 'The data is damaged', `${size + count} bytes of Brotli`, (error as Error).message, REINSTALL);
  });
  if (bytes.length !== size + count)
    throw badFile(path, 'The file is cut off', `${size + count} bytes`, `${bytes.length} bytes`, REINSTALL);
  return { info, examples: bytes.subarray(0, size), labels: bytes.subarray(size), values: new Float32Array() };
}
