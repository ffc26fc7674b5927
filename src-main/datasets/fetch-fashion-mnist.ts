/** Downloads Fashion-MNIST into the user's data folder. */
import { mkdir, rename, stat } from 'node:fs/promises';
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
  /** A folder of that name was there, but damaged: it is kept under the name told here. */
  readonly onSetAside?: (path: string) => void;
  /** Aborting rejects with its reason; what arrived is kept. */
  readonly signal?: AbortSignal;
}

/**
 * The files gather in a hidden folder, which takes its name when the last one is whole: a set is there completely or not at all. A folder
 * that has the name already is set aside.
 *
 * Throws: `download_failed`, `disk_full`, `unreadable_file`.
 */
export async function fetchFashionMnist(
  folder: string,
  onProgress: (progress: FetchProgress) => void,
  {
    mirrors = fashionMnistMirrors,
    files = fashionMnistFiles,
    stallTimeoutMs = 30_000,
    signal,
    onSetAside
  }: FetchOptions = {}
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
  try {
    const aside = await setAside(to);
    await rename(partial, to);
    if (aside) onSetAside?.(aside);
  } catch (error) {
    throw unreadable(to, error, 'write');
  }
}

/** Gives `folder` a name that no dataset can have; answers it, null where there is no such folder. */
async function setAside(folder: string): Promise<string | null> {
  if (!(await exists(folder))) return null;
  let aside = `${folder}.damaged`;
  for (let n = 2; await exists(aside); n++) aside = `${folder}.damaged-${n}`;
  await rename(folder, aside);
  return aside;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  );
