import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readIdxData, readIdxHeader } from '../../../src-main/datasets/idx.ts';
import { emptyFolder, idx, pixels, rejection } from './files.ts';

function fileOf(content: Uint8Array, name = 'images'): string {
  const path = join(emptyFolder(), name);
  writeFileSync(path, content);
  return path;
}
async function read(path: string) {
  const header = await readIdxHeader(path);
  const data = new Uint8Array(header.sizeBytes);
  await readIdxData(header, data);
  return { dimensions: header.dimensions, data };
}
const images = idx([4, 3, 2], pixels(4, 6));
/** Big enough for its data to lie in many chunks. */
const large = idx([900, 28, 28], pixels(900, 784));

describe('an IDX file', () => {
  it.each([
    ['plain', images],
    ['gzipped', gzipSync(images)]
  ])('is read, %s', async (_how, content) => {
    expect(await read(fileOf(content))).toEqual({ dimensions: [4, 3, 2], data: pixels(4, 6) });
  });

  it('is known as gzip by its content, not by its name', async () => {
    expect((await read(fileOf(gzipSync(images), 'train-images-idx3-ubyte'))).data).toEqual(pixels(4, 6));
    expect((await read(fileOf(images, 'train-images-idx3-ubyte.gz'))).data).toEqual(pixels(4, 6));
  });

  it.each([
    ['plain', large],
    ['gzipped', gzipSync(large)]
  ])('is put together from many chunks, %s', async (_how, content) => {
    expect(Buffer.compare((await read(fileOf(content))).data, pixels(900, 784))).toBe(0);
  });
});

/** Each: what is wrong, the content, what the error expected, what it found. */
const damaged: [string, Uint8Array, string, string][] = [
  ['is empty', Buffer.alloc(0), '4 bytes', '0 bytes'],
  ['is no IDX file', Buffer.from('PNG, perhaps'), 'first bytes 0x0000', '0x504e472c'],
  ['holds float32', idx([4, 3, 2], pixels(4, 24), 13), 'type 8, unsigned bytes', 'type 13, float32 (0x00000d03)'],
  ['has no dimensions', idx([], []), '1 to 4', '0 (0x00000800)'],
  ['has nine dimensions', idx(new Array(9).fill(1), [1]), '1 to 4', '9 (0x00000809)'],
  ['ends within its header', images.subarray(0, 10), '16 bytes', '10 bytes'],
  ['has no images', idx([0, 28, 28], []), 'at least one example with at least one value', '0 × 28 × 28 bytes'],
  ['is cut off', images.subarray(0, -5), '40 bytes', '35 bytes'],
  ['goes on behind its data', Buffer.concat([images, Buffer.from('more')]), '40 bytes', '44 bytes'],
  [
    'claims four billion images',
    idx([4_000_000_000, 28, 28], pixels(4, 784)),
    'at most 2147483648 bytes',
    '4000000000 × 28 × 28 bytes'
  ],
  [
    'claims more than 2⁶⁴ bytes',
    idx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [1]),
    'at most 2147483648 bytes',
    '4294967295 × 4294967295 × 4294967295 × 4294967295 bytes'
  ],
  [
    'claims two million images and holds four',
    idx([2_000_000, 28, 28], pixels(4, 784)),
    '1568000016 bytes',
    '3152 bytes'
  ]
];

describe('a damaged file', () => {
  it.each(damaged)('that %s is refused by its header', async (_what, content, expected, found) => {
    const path = fileOf(content);
    const error = await rejection(readIdxHeader(path));
    expect(error).toMatchObject({ code: 'bad_dataset', details: { file: path, expected, found } });
    expect(error.message).toBe(
      `${path}: ${error.details.what}. Expected ${expected}, found ${found}. Get the file again.`
    );
  });

  it('that is gzipped and claims more than gzip can hold is refused by its header', async () => {
    const content = gzipSync(idx([2_000_000, 28, 28], pixels(4, 784)));
    const { code, details } = await rejection(readIdxHeader(fileOf(content)));
    expect(code).toBe('bad_dataset');
    expect(details).toMatchObject({
      expected: `at most ${content.length * 1032} bytes`,
      found: '2000000 × 28 × 28 bytes'
    });
  });

  it('that is a gzip bomb is inflated no further than its header says', async () => {
    const bomb = gzipSync(Buffer.concat([images, Buffer.alloc(200_000_000)]), { level: 9 });
    const header = await readIdxHeader(fileOf(bomb));
    const before = process.memoryUsage().rss;
    const { code, details } = await rejection(readIdxData(header, new Uint8Array(header.sizeBytes)));
    expect([code, details.what, details.expected]).toEqual([
      'bad_dataset',
      'The file goes on behind its data',
      '40 bytes'
    ]);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it('that is a cut gzip says how far it came', async () => {
    const header = await readIdxHeader(fileOf(gzipSync(large, { level: 0 }).subarray(0, 300_000)));
    const { code, details } = await rejection(readIdxData(header, new Uint8Array(header.sizeBytes)));
    expect([code, details.what, details.expected]).toEqual(['bad_dataset', 'The file is cut off', '705616 bytes']);
    expect(details.found).toMatch(/^\d+ bytes$/);
  });

  it('that has a changed bit in its gzip is refused', async () => {
    const content = gzipSync(large);
    content[content.length - 6]! ^= 1; // in the checksum
    const header = await readIdxHeader(fileOf(content));
    const { code, details } = await rejection(readIdxData(header, new Uint8Array(header.sizeBytes)));
    expect([code, details.found]).toEqual(['bad_dataset', 'incorrect data check']);
  });

  it('that only begins like gzip is refused', async () => {
    const { code } = await rejection(readIdxHeader(fileOf(Buffer.from([0x1f, 0x8b, 0xff, 0, 1, 2, 3, 4, 5, 6, 7, 8]))));
    expect(code).toBe('bad_dataset');
  });
});

describe('a file that cannot be read', () => {
  it('does not exist', async () => {
    const { code, message } = await rejection(readIdxHeader('/no/such/file'));
    expect([code, message]).toEqual([
      'unreadable_file',
      '/no/such/file cannot be read: it does not exist. Check the path.'
    ]);
  });

  it('is a folder', async () => {
    const folder = emptyFolder();
    const { code, message } = await rejection(readIdxHeader(folder));
    expect([code, message]).toEqual(['unreadable_file', `${folder} cannot be read: it is a folder. Name a file.`]);
  });

  it.skipIf(process.platform === 'win32')('is a pipe nobody writes into', async () => {
    const path = join(emptyFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    expect((await rejection(readIdxHeader(path))).message).toContain('it is a device or a pipe');
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('is not permitted', async () => {
    const path = fileOf(images);
    chmodSync(path, 0);
    const { code, message } = await rejection(readIdxHeader(path));
    expect([code, message]).toEqual([
      'unreadable_file',
      `${path} cannot be read: permission is denied. Change its permissions, or copy it to a folder of your own.`
    ]);
  });
});
