/**
 * Reads IDX files, plain or gzipped: the format of MNIST and its successors.
 *
 * A file is data from anywhere: its header is compared with the size of the file before memory is taken for what the header claims,
 * and no more is ever inflated than that. Nothing is known here of images and labels; see idx-folder.ts.
 *
 * Layout: two zero bytes, a type byte (8: unsigned byte), the number of dimensions, each dimension as a big-endian uint32, the data.
 * Source: Yann LeCun, The MNIST Database, “The IDX file format”.
 */
import { createReadStream, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { badFile, unreadable } from './faults.ts';

export interface IdxHeader {
  readonly path: string;
  /** Examples first: [60000, 28, 28]. */
  readonly dimensions: readonly number[];
  /** Product of the dimensions. */
  readonly sizeBytes: number;
  readonly isGzipped: boolean;
}

/** The most a file may hold; enough for 2.7 million images of 28 × 28. */
const MAX_BYTES = 2 ** 31;
/** DEFLATE cannot shrink anything further than this (RFC 1951: 258 bytes in two bits). */
const MAX_RATIO = 1032;
const HEAD_BYTES = 4096;
const UNSIGNED_BYTE = 8;
const MAX_DIMENSIONS = 4;
const otherTypes: Record<number, string> = {
  9: 'signed bytes',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64'
};

/** Reads and checks the header alone. Throws: `unreadable_file`; `bad_dataset` when header and file do not go together. */
export async function readIdxHeader(path: string): Promise<IdxHeader> {
  try {
    const { size } = await regularFile(path);
    const file = await open(path);
    return await headerOf(file, path, size).finally(() => file.close());
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? unreadable(path, error) : error;
  }
}

/** Asked before opening: opening a pipe would wait for somebody to write into it. */
async function regularFile(path: string): Promise<Stats> {
  const status = await stat(path);
  if (!status.isFile()) throw unreadable(path, { code: status.isDirectory() ? 'EISDIR' : 'ENOTFILE' });
  return status;
}

async function headerOf(file: FileHandle, path: string, storedBytes: number): Promise<IdxHeader> {
  const buffer = new Uint8Array(HEAD_BYTES);
  const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
  const stored = buffer.subarray(0, bytesRead);
  const isGzipped = stored[0] === 0x1f && stored[1] === 0x8b;
  const head = isGzipped ? inflateHead(stored, path) : stored;
  const dimensions = readDimensions(head, path);
  const sizeBytes = dimensions.reduce((product, length) => product * length, 1);
  checkSize(path, dimensions, sizeBytes, isGzipped, storedBytes);
  return { path, dimensions, sizeBytes, isGzipped };
}

function inflateHead(stored: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(stored, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: HEAD_BYTES * MAX_RATIO });
  } catch (error) {
    throw badFile(path, 'The gzip data is damaged', 'gzip', (error as Error).message);
  }
}

function readDimensions(head: Uint8Array, path: string): number[] {
  if (head.length < 4)
    throw badFile(path, 'The file ends within its first four bytes', '4 bytes', `${head.length} bytes`);
  const [zero, alsoZero, type, count] = head as unknown as [number, number, number, number];
  const magic = `0x${Buffer.from(head.subarray(0, 4)).toString('hex')}`;
  if (zero !== 0 || alsoZero !== 0) throw badFile(path, 'This is not an IDX file', 'first bytes 0x0000', magic);
  if (type !== UNSIGNED_BYTE)
    throw badFile(
      path,
      'Only unsigned bytes can be read',
      'type 8, unsigned bytes',
      `type ${type}, ${otherTypes[type] ?? 'unknown'} (${magic})`
    );
  if (count < 1 || count > MAX_DIMENSIONS)
    throw badFile(path, 'The number of dimensions is out of range', `1 to ${MAX_DIMENSIONS}`, `${count} (${magic})`);
  if (head.length < 4 + 4 * count)
    throw badFile(path, 'The file ends within its header', `${4 + 4 * count} bytes`, `${head.length} bytes`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return Array.from({ length: count }, (_, at) => view.getUint32(4 + 4 * at));
}

function checkSize(
  path: string,
  dimensions: number[],
  sizeBytes: number,
  isGzipped: boolean,
  storedBytes: number
): void {
  const claim = `${dimensions.join(' × ')} bytes`;
  if (sizeBytes === 0)
    throw badFile(path, 'A dimension is zero', 'at least one example with at least one value', claim);
  if (sizeBytes > MAX_BYTES)
    throw badFile(path, 'The header claims more than the lab reads', `at most ${MAX_BYTES} bytes`, claim);
  const expected = 4 + 4 * dimensions.length + sizeBytes;
  const most = storedBytes * (isGzipped ? MAX_RATIO : 1);
  if (isGzipped && expected > most)
    throw badFile(
      path,
      'The header claims more than a gzip file of this size can hold',
      `at most ${most} bytes`,
      claim
    );
  if (!isGzipped && expected > most) throw cutOff(path, expected, most);
  if (!isGzipped && expected < most) throw trailing(path, expected, `${most} bytes`);
}

/**
 * Reads the data into `target`, which has the size that the header claimed; its memory is all that is taken.
 *
 * Throws: `unreadable_file`; `bad_dataset` when the file has fewer or more bytes, or is not the file whose header was read.
 */
export async function readIdxData(header: IdxHeader, target: Uint8Array): Promise<void> {
  const { path } = header;
  const skip = 4 + 4 * header.dimensions.length;
  const expected = skip + header.sizeBytes;
  let read = 0;
  const fill = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      if (read + chunk.length > expected) throw trailing(path, expected, 'more');
      if (read + chunk.length > skip) target.set(chunk.subarray(Math.max(0, skip - read)), Math.max(0, read - skip));
      read += chunk.length;
    }
  };
  try {
    const source = createReadStream(path, { highWaterMark: 1 << 18 });
    if (header.isGzipped) await pipeline(source, createGunzip({ chunkSize: 1 << 18 }), fill);
    else await pipeline(source, fill);
  } catch (error) {
    throw asFault(path, error, expected, read);
  }
  if (read < expected) throw cutOff(path, expected, read);
}

function asFault(path: string, error: unknown, expected: number, read: number): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR') return cutOff(path, expected, read);
  if (code.startsWith('Z_')) return badFile(path, 'The gzip data is damaged', 'gzip', (error as Error).message);
  return (error as NodeJS.ErrnoException).syscall ? unreadable(path, error) : error;
}

const cutOff = (path: string, expected: number, found: number) =>
  badFile(path, 'The file is cut off', `${expected} bytes`, `${found} bytes`);
const trailing = (path: string, expected: number, found: string) =>
  badFile(path, 'The file goes on behind its data', `${expected} bytes`, found);
