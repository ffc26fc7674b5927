/**
 * Finds the images of a folder that has one folder per class, either at once or below `train` and `test`. Looks at names alone.
 *
 * Nothing outside the folder is reached: links are left out, whatever they point at.
 */
import { readdir, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { MAX_CLASSES } from '../../../src-worker/contract/dataset.ts';
import { badFile, unreadable } from '../faults.ts';

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

const EXTENSIONS = ['.png', '.jpg', '.jpeg'];
const MAX_IMAGES = 1_000_000;
const EXPECTED = 'one folder for each class, at once or in a folder “train” (and “test”)';
const REMEDY = 'Put the images of each class into a folder that has its name.';

/** Throws: `unreadable_file`; `bad_dataset` when the folders are not as expected. */
export async function findImages(folder: string): Promise<FoundImages> {
  const root = await realpath(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const left = new LeftOut();
  const top = await entriesOf(root, left);
  const isParted = top.folders.includes('train') && (await entriesOf(join(root, 'train'), left)).folders.length > 0;
  left.clear();
  const trainRoot = isParted ? join(root, 'train') : root;
  const classes = sortNames((await entriesOf(trainRoot, left)).folders);
  if (classes.length < 2 || classes.length > MAX_CLASSES)
    throw badFile(trainRoot, 'This folder holds no classes', EXPECTED, `${classes.length} folders`, REMEDY);
  const train = await imagesOf(trainRoot, classes, left);
  const bare = classes.find((_, label) => !train.some((image) => image.label === label));
  if (bare !== undefined)
    throw badFile(
      join(trainRoot, bare),
      'This class has no images',
      `files ending in ${EXTENSIONS.join(', ')}`,
      'none'
    );
  const test = isParted && top.folders.includes('test') ? await testImages(join(root, 'test'), classes, left) : null;
  if (isParted)
    for (const name of top.folders) if (!['train', 'test'].includes(name)) left.add('folder', join(root, name));
  return { classes, train, test, notes: left.notes() };
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
      if (EXTENSIONS.includes(extname(file).toLowerCase())) found.push({ path: join(folder, file), label });
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
