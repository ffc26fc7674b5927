/**
 * Every dataset the lab can use, by name: embedded, generated, the system's and the user's own.
 *
 * The one door to this room; hosts and command line come in here. Splits and normalization are the worker's, see src-worker/data.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { didYouMean } from '../../src-worker/contract/nearest.ts';
import { generateDataset, generatedInfo } from '../../src-worker/data/generators/generator.ts';
import { generators } from '../../src-worker/data/generators/table.ts';
import { listEmbedded, loadEmbedded } from './embedded.ts';
import { unreadable } from './faults.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { fetchFashionMnist, type FetchOptions, type FetchProgress } from './fetch-fashion-mnist.ts';
import { loadIdxFolder, openIdxFolder } from './idx-folder.ts';
import { checkSource, type ImportOptions } from './import-source.ts';
import { loadStored, openStored, STORED_FILE } from './stored.ts';

export interface DatasetFolders {
  /** The user's data folder (see hosts/folders.ts); sets are in its `datasets` folder. */
  readonly userFolder: string;
  /** Folders with one folder per set. */
  readonly systemFolders: readonly string[];
  /** The folder `resources` of the installation. */
  readonly resourcesFolder: string;
}

export interface Datasets {
  /** Reads headers only. A folder whose headers are damaged is left out; asking for it by name says what is wrong. */
  list(): Promise<DatasetInfo[]>;
  /** Throws: `dataset_not_found`, `bad_dataset`, `unreadable_file`. */
  info(name: string): Promise<DatasetInfo>;
  /** Throws: `dataset_not_found`, `bad_dataset`, `unreadable_file`, `out_of_memory`. */
  load(name: string): Promise<Dataset>;
  /**
   * Takes over a table, or a folder of IDX files or images (import-source.ts). Nothing is left behind when it fails.
   * Throws: `bad_dataset`, `unreadable_file`, `invalid_argument` (the name, an option), `out_of_memory`, `disk_full`.
   */
  importFrom(path: string, options?: ImportOptions): Promise<Imported>;
  /** Throws: `download_failed`, `disk_full`, `unreadable_file`, `invalid_argument`. What arrived is kept for the next time. */
  fetch(name: string, onProgress: (progress: FetchProgress) => void, options?: FetchOptions): Promise<DatasetInfo>;
}

export interface Imported {
  readonly info: DatasetInfo;
  /** Rows of a table that had no target. */
  readonly droppedRows: number;
  readonly notes: readonly string[];
}

/** A set on the disk: its description has been read, its data has not. */
interface Found {
  readonly info: DatasetInfo;
  load(): Promise<Dataset>;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

export function openDatasets({ userFolder, systemFolders, resourcesFolder }: DatasetFolders): Datasets {
  const embeddedFolder = join(resourcesFolder, 'datasets');
  const importedFolder = join(userFolder, 'datasets');
  const roots = [
    { root: importedFolder, origin: 'user' },
    ...systemFolders.map((root) => ({ root, origin: 'system' }) as const)
  ] as const;
  const own = async () => [
    ...(await listEmbedded(embeddedFolder)),
    ...Object.values(generators).map((one) => generatedInfo(one))
  ];

  /**
   * The first good folder of that name, headers read; null when there is none at all. A name is never a path.
   * Throws: what is wrong with the first folder, when none is good.
   */
  async function find(name: string): Promise<Found | null> {
    if (!NAME.test(name)) return null;
    let fault: LabError | null = null;
    for (const { root, origin } of roots) {
      if (!(await isFolder(join(root, name)))) continue;
      try {
        return await openFolder(join(root, name), name, origin);
      } catch (error) {
        if (!isDamage(error)) throw error;
        fault ??= error;
      }
    }
    if (fault) throw fault;
    return null;
  }

  async function list(): Promise<DatasetInfo[]> {
    const infos = await own();
    const taken = new Set(infos.map(({ name }) => name));
    const names = (await Promise.all(roots.map(({ root }) => namesIn(root)))).flat();
    const folders = [...new Set(names)].filter((name) => !taken.has(name)).sort();
    const found = await Promise.all(folders.map((name) => find(name).catch(ignoreDamaged)));
    const more = found.flatMap((folder) => (folder ? [folder.info] : []));
    const isWellKnown = ({ name }: DatasetInfo) => name === fashionMnist.name;
    return [...more.filter(isWellKnown), ...infos, ...more.filter((info) => !isWellKnown(info))];
  }

  async function load(name: string): Promise<Dataset> {
    if (Object.hasOwn(generators, name)) return generateDataset(generators[name]!);
    const embedded = (await listEmbedded(embeddedFolder)).find((info) => info.name === name);
    if (embedded) return loadEmbedded(embeddedFolder, embedded);
    const folder = await find(name);
    if (!folder) throw notFound(name, await list());
    return folder.load();
  }

  async function info(name: string): Promise<DatasetInfo> {
    const found = (await own()).find((one) => one.name === name) ?? (await find(name))?.info;
    if (!found) throw notFound(name, await list());
    return found;
  }

  async function importFrom(path: string, options: ImportOptions = {}): Promise<Imported> {
    const { name, droppedRows, notes, place } = await checkSource(path, options);
    const isTaken = (await own()).some((one) => one.name === name) || (await anyExists(roots, name));
    if (isTaken) throw alreadyThere(name);
    await place(join(importedFolder, name));
    return { info: await info(name), droppedRows, notes };
  }

  async function fetch(
    name: string,
    onProgress: (progress: FetchProgress) => void,
    options?: FetchOptions
  ): Promise<DatasetInfo> {
    if (name !== fashionMnist.name)
      throw new LabError('invalid_argument', `“${name}” cannot be downloaded; “${fashionMnist.name}” can.`, { name });
    const present = await find(name).catch((error: unknown) => {
      if (isDamage(error)) return null;
      throw error;
    });
    if (present) return present.info;
    await fetchFashionMnist(importedFolder, onProgress, options);
    return info(name);
  }

  return { list, info, load, importFrom, fetch };
}

async function openFolder(folder: string, name: string, origin: DatasetInfo['origin']): Promise<Found> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  if (files.includes(STORED_FILE)) {
    const stored = await openStored(folder, name, origin);
    return { info: stored.info, load: () => loadStored(stored) };
  }
  const idx = await openIdxFolder(folder, name, origin);
  return { info: idx.info, load: () => loadIdxFolder(idx) };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isAbsence(error)) return false;
    throw unreadable(path, error);
  }
}

const isDamage = (error: unknown): error is LabError => error instanceof LabError && error.code === 'bad_dataset';

const isAbsence = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

async function anyExists(roots: readonly { root: string }[], name: string): Promise<boolean> {
  return (await Promise.all(roots.map(({ root }) => isFolder(join(root, name))))).includes(true);
}

/** Names of sets that a folder may hold. One that is not there or cannot be read holds none; asking for a set by name says why. */
async function namesIn(root: string): Promise<string[]> {
  const names = await readdir(root).catch((): string[] => []);
  return names.filter((name) => NAME.test(name));
}

function ignoreDamaged(error: unknown): null {
  if (error instanceof LabError) return null;
  throw error;
}

function notFound(name: string, known: readonly DatasetInfo[]): LabError {
  if (name === fashionMnist.name)
    return new LabError(
      'dataset_not_found',
      `${fashionMnist.title} is not on this computer. Get it in one of three ways: install the Debian package dataset-fashion-mnist; run “caviar datasets fetch ${name}” (31 MB); or run “caviar datasets import DIR” on a folder with its four files. Its subset ${name}-small is always here.`,
      { name }
    );
  const names = known.map((one) => one.name);
  return new LabError(
    'dataset_not_found',
    `There is no dataset “${name}”. ${didYouMean(name, names)}Known: ${names.join(', ')}. Add one with “caviar datasets import PATH”.`,
    { name, known: names }
  );
}

const alreadyThere = (name: string) =>
  new LabError(
    'invalid_argument',
    `There is already a dataset “${name}”, so nothing was imported. Give this one another name (--name) to have both.`,
    { name }
  );
