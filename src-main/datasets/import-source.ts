/**
 * What can be imported, told by what it is: a CSV file, a folder of IDX files, a folder of images. Each is checked to its last byte
 * before anything is written.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Dataset } from '../../src-worker/contract/dataset.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { badFile, unreadable } from './faults.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { checkImport, copyImport } from './import-folder.ts';
import { datasetName, placeFolder } from './place.ts';
import { importImages, type ImageOptions } from './images/import-images.ts';
import { writeStored } from './stored.ts';
import { importTable, type TableOptions } from './table/import-table.ts';

export interface ImportOptions extends TableOptions, ImageOptions {
  readonly name?: string | undefined;
  readonly title?: string | undefined;
}

/** A source that has been read wholly and found good. */
export interface CheckedSource {
  readonly name: string;
  readonly droppedRows: number;
  readonly notes: readonly string[];
  /** Writes the set; `to` is a folder that does not exist. */
  place(to: string): Promise<void>;
}

const TABLES = ['.csv', '.tsv', '.txt', '.tab'];

/** Throws: `bad_dataset`, `unreadable_file`, `invalid_argument`, `out_of_memory`. */
export async function checkSource(path: string, options: ImportOptions): Promise<CheckedSource> {
  const status = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!status.isDirectory()) return checkTable(path, options);
  return (await holdsIdx(path)) ? checkIdx(path, options) : checkImages(path, options);
}

async function checkTable(path: string, { size, ...options }: ImportOptions): Promise<CheckedSource> {
  refuseOptions({ size }, 'a table');
  const extension = extname(path).toLowerCase();
  if (!TABLES.includes(extension))
    throw badFile(
      path,
      'This cannot be imported',
      `a folder, or a table (${TABLES.join(', ')})`,
      `“${basename(path)}”`,
      'Name the folder that holds the files, or a table.'
    );
  const name = ownName(options.name ?? basename(path, extname(path)), path);
  const { dataset, droppedRows, notes } = await importTable(path, options);
  return stored(dataset, { name, title: options.title ?? name, droppedRows, notes });
}

async function checkIdx(folder: string, { name, ...others }: ImportOptions): Promise<CheckedSource> {
  refuseOptions(others, 'a folder of IDX files');
  const checked = await checkImport(folder, name);
  return { name: checked.name, droppedRows: 0, notes: [], place: (to) => copyImport(checked, to) };
}

async function checkImages(folder: string, { target, task, ...options }: ImportOptions): Promise<CheckedSource> {
  refuseOptions({ target, task }, 'a folder of images');
  const name = ownName(options.name ?? basename(await realpath(folder)), folder);
  const { dataset, notes } = await importImages(folder, options);
  return stored(dataset, { name, title: options.title ?? name, droppedRows: 0, notes });
}

/** IDX files lie in the folder itself; every other folder is one of images, or should be. */
async function holdsIdx(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  return names.some((name) => /idx\d-ubyte(\.gz)?$/.test(name));
}

function refuseOptions(options: object, what: string): void {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (!given) return;
  throw new LabError('invalid_argument', `--${given[0]} has no meaning for ${what}. Leave it out.`, {
    option: given[0]
  });
}

/** What lists and experiments know as Fashion-MNIST has to be that. */
function ownName(text: string, path: string): string {
  const name = datasetName(text);
  if (name !== fashionMnist.name) return name;
  const expected = 'its four IDX files';
  throw badFile(path, `This is not ${fashionMnist.title}`, expected, 'something else', 'Use another --name.');
}

function stored(
  dataset: Dataset,
  { name, title, ...answer }: Pick<CheckedSource, 'name' | 'droppedRows' | 'notes'> & { title: string }
): CheckedSource {
  const named = { ...dataset, info: { ...dataset.info, name, title } };
  return { ...answer, name, place: (to) => placeFolder(to, name, (folder) => writeStored(named, folder)) };
}
