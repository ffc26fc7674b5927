/**
 * Finds the images of a folder that has one folder per class, either at once or below `train` and `test`. Looks at names alone.
 *
 * Nothing outside the folder is reached: links are left out, whatever they point at.
 */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_CLASSES } from '../../../src-worker/contract/dataset.ts';
import { badFile, unreadable } from '../faults.ts';
import {
  classesWithoutImages,
  isImageName,
  notTheClasses,
  oneFolderTooHigh,
  type FolderEntries
} from './folder-faults.ts';

export interface ImageFile {
  readonly path: string;
  readonly label: number;
}

export interface FoundImages {
  readonly classes: readonly string[];
  readonly train: readonly ImageFile[];
  /** null: the folder does not say which are for testing. */
  readonly test: readonly ImageFile[] | null;
  /** What was left out. */
  readonly notes: readonly string[];
}

const MAX_IMAGES = 1_000_000;
/** Folders of these names hold parts of a set, not classes, where all are called so. */
const PARTS = ['train', 'test', 'val', 'valid', 'validation', 'dev'];

/** Throws: `unreadable_file`; `bad_dataset` when the folders are not as expected. */
export async function findImages(folder: string): Promise<FoundImages> {
  const root = await realpath(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const left = new LeftOut();
  const top = await entriesOf(root, left);
  const isParted = await holdsParts(root, top, left);
  left.clear();
  const trainRoot = isParted ? join(root, 'train') : root;
  const classes = await classesIn(trainRoot, left);
  const train = await imagesOf(trainRoot, classes, left);
  await refuseBare(trainRoot, classes, train);
  const test = isParted && top.folders.includes('test') ? await testImages(join(root, 'test'), classes, left) : null;
  if (isParted)
    for (const name of top.folders) if (!['train', 'test'].includes(name)) left.add('folder', join(root, name));
  return { classes, train, test, notes: left.notes() };
}

/** Whether the classes lie below “train”; a class may be called so as well. */
async function holdsParts(root: string, { folders }: FolderEntries, left: LeftOut): Promise<boolean> {
  if (!folders.includes('train')) return false;
  return (
    (await entriesOf(join(root, 'train'), left)).folders.length > 0 || folders.every((name) => PARTS.includes(name))
  );
}

async function classesIn(root: string, left: LeftOut): Promise<string[]> {
  const entries = await entriesOf(root, left);
  const [first, ...others] = entries.folders;
  if (first !== undefined && others.length === 0 && !entries.files.some(isImageName)) {
    const inner = await entriesOf(join(root, first), left);
    if (inner.folders.length > 1) throw oneFolderTooHigh(root, first);
  }
  if (others.length === 0 || entries.folders.length > MAX_CLASSES) throw notTheClasses(root, entries);
  return sortNames(entries.folders);
}

async function refuseBare(root: string, classes: readonly string[], images: readonly ImageFile[]): Promise<void> {
  const known = new Set(images.map(({ label }) => label));
  const bare = classes.filter((_, label) => !known.has(label));
  if (bare.length === 0) return;
  const inside = bare.map(async (name) => [name, await entriesOf(join(root, name), new LeftOut())] as const);
  throw classesWithoutImages(root, new Map(await Promise.all(inside)));
}

async function testImages(root: string, classes: readonly string[], left: LeftOut): Promise<ImageFile[]> {
  const stranger = (await entriesOf(root, left)).folders.find((name) => !classes.includes(name));
  if (stranger !== undefined)
    throw badFile(join(root, stranger), 'This class is not among those for training', classes.join(', '), stranger);
  return imagesOf(root, classes, left);
}

async function imagesOf(root: string, classes: readonly string[], left: LeftOut): Promise<ImageFile[]> {
  const found: ImageFile[] = [];
  for (const [label, name] of classes.entries()) {
    const folder = join(root, name);
    const { files, folders } = await entriesOf(folder, left);
    for (const below of folders) left.add('folder', join(folder, below));
    for (const file of files.sort())
      if (isImageName(file)) found.push({ path: join(folder, file), label });
      else left.add('file', join(folder, file));
    if (found.length > MAX_IMAGES)
      throw badFile(root, 'There are too many images', `at most ${MAX_IMAGES}`, 'more', 'Take some of them.');
  }
  return found;
}

/** Hidden entries (`.DS_Store`) are nobody's business. A test class may be missing. */
async function entriesOf(folder: string, left: LeftOut): Promise<{ files: string[]; folders: string[] }> {
  const all = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw unreadable(folder, error);
  });
  const entries = all.filter(({ name }) => !name.startsWith('.'));
  for (const entry of entries)
    if (!entry.isFile() && !entry.isDirectory())
      left.add(entry.isSymbolicLink() ? 'link' : 'file', join(folder, entry.name));
  return {
    files: entries.filter((entry) => entry.isFile()).map(({ name }) => name),
    folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  };
}

/** Folders that are called by numbers are in the order of the numbers. */
function sortNames(names: readonly string[]): string[] {
  if (names.every((name) => /^\d+$/.test(name))) return names.toSorted((a, b) => Number(a) - Number(b));
  return names.toSorted();
}

/** What was not taken: how many of each kind, and one of them by name. */
class LeftOut {
  readonly #paths = new Map<'file' | 'folder' | 'link', Set<string>>();

  add(kind: 'file' | 'folder' | 'link', path: string): void {
    this.#paths.set(kind, (this.#paths.get(kind) ?? new Set()).add(path));
  }

  clear(): void {
    this.#paths.clear();
  }

  notes(): string[] {
    const why = { file: 'not PNG or JPEG', folder: 'not looked into', link: 'links are not followed' };
    return [...this.#paths].map(([kind, paths]) => {
      const [first] = paths;
      return `${paths.size} ${kind}${paths.size === 1 ? '' : 's'} left out (${why[kind]}): ${first}${paths.size > 1 ? ' …' : ''}.`;
    });
  }
}
