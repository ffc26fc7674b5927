/** Small IDX files and folders for the tests, written byte by byte. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

/** An empty folder that is removed after the test file. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'caviar-datasets-'));
  made.push(folder);
  return folder;
}
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export function idx(dimensions: readonly number[], data: ArrayLike<number>, type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = type;
  header[3] = dimensions.length;
  dimensions.forEach((length, at) => header.writeUInt32BE(length, 4 + 4 * at));
  return Buffer.concat([header, Buffer.from(Array.from(data))]);
}

/** Pixel p of image n is (7·n + p) mod 256; labels go round the ten classes. */
export const pixels = (count: number, values: number): Uint8Array =>
  Uint8Array.from({ length: count * values }, (_, at) => 7 * Math.floor(at / values) + (at % values));
export const labels = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, at) => at % 10);

/** The usual four files: 20 training and 10 test images of 3 × 2. A file can be replaced by other bytes or left out (null). */
export function idxFolder(replaced: Record<string, Buffer | string | null> = {}, name = 'digits'): string {
  const folder = join(emptyFolder(), name);
  mkdirSync(folder);
  const files: Record<string, Buffer | string | null> = {
    'train-images-idx3-ubyte': idx([20, 3, 2], pixels(20, 6)),
    'train-labels-idx1-ubyte': idx([20], labels(20)),
    't10k-images-idx3-ubyte': idx([10, 3, 2], pixels(10, 6)),
    't10k-labels-idx1-ubyte': idx([10], labels(10)),
    ...replaced
  };
  for (const [file, content] of Object.entries(files)) if (content !== null) writeFileSync(join(folder, file), content);
  return folder;
}

/** What a promise is rejected with. */
export async function rejection(
  promise: Promise<unknown>
): Promise<{ code: string; message: string; details: Record<string, unknown> }> {
  return promise.then(
    () => {
      throw new Error('This should have been refused.');
    },
    (error: unknown) => error as { code: string; message: string; details: Record<string, unknown> }
  );
}
