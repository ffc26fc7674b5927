/** Puts an imported set into the user's data folder in one step: it is there whole or not at all. Also what a set may be called. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '../../src-worker/contract/errors.ts';
import { unreadable } from './faults.ts';

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

/**
 * Lets `fill` write into a hidden folder, then renames that to `to`, a folder that does not exist.
 * Throws: `unreadable_file`, `disk_full`; then `to` is not there.
 */
export async function placeFolder(to: string, name: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const partial = join(dirname(to), `.${name}.import`);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await fill(partial);
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw unreadable(to, error, 'write');
  }
}
