/** Downloads Fashion-MNIST into the user's data folder. */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadFile } from './download.ts';
import { unreadable } from './faults.ts';
import { fashionMnist, fashionMnistFiles, fashionMnistMirrors, type RemoteFile } from './fashion-mnist.ts';

export interface FetchProgress {
  /** The file on its way. */
  readonly file: string;
  /** Of all files together. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

export interface FetchOptions {
  /** Instead of the project's own addresses; each ends with a slash. */
  readonly mirrors?: readonly string[];
  readonly files?: readonly RemoteFile[];
  readonly stallTimeoutMs?: number;
  /** Aborting rejects with its reason; what arrived is kept. */
  readonly signal?: AbortSignal;
}

/**
 * The files gather in a hidden folder, which takes its name when the last one is whole: a set is there completely or not at all.
 *
 * Throws: `download_failed`, `disk_full`, `unreadable_file`.
 */
export async function fetchFashionMnist(
  folder: string,
  onProgress: (progress: FetchProgress) => void,
  { mirrors = fashionMnistMirrors, files = fashionMnistFiles, stallTimeoutMs = 30_000, signal }: FetchOptions = {}
): Promise<void> {
  const partial = join(folder, `.${fashionMnist.name}.download`);
  await mkdir(partial, { recursive: true }).catch((error: unknown) => {
    throw unreadable(partial, error, 'write');
  });
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  for (const file of files) {
    const onBytes = (received: number) => onProgress({ file: file.name, receivedBytes: before + received, totalBytes });
    await downloadFile({ mirrors, file, to: join(partial, file.name), stallTimeoutMs, signal, onBytes });
    before += file.bytes;
  }
  const to = join(folder, fashionMnist.name);
  await rename(partial, to).catch((error: unknown) => {
    throw unreadable(to, error, 'write');
  });
}
