/** Where the golden cases are, read as `caviar verify` reads them. */
import { fileURLToPath } from 'node:url';
import { readGoldenFolder } from '../../src-main/hosts/cli/golden-folder.ts';
import { readGolden, type GoldenCase, type GoldenFile } from '../../src-worker/verify/golden.ts';

export const goldenCopy = fileURLToPath(new URL('data/', import.meta.url));

/** GOLDEN_DIR, else the copy that the project keeps. */
export const goldenDirectory = (): string => process.env['GOLDEN_DIR'] ?? goldenCopy;

/** Checks the index on the way. */
export const goldenFiles = async (directory = goldenDirectory()): Promise<GoldenFile[]> =>
  (await readGoldenFolder(directory)).map(({ file, text }) => readGolden(file, text));

export interface Listed {
  readonly name: string;
  readonly file: GoldenFile;
  readonly one: GoldenCase;
}

export const casesOf = (files: readonly GoldenFile[]): Listed[] =>
  files.flatMap((file) => file.cases.map((one) => ({ name: one.name, file, one })));
