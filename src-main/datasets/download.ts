/**
 * Downloads one file of known size and checksum. What has arrived is kept in a `.part` file beside it and never asked for again, in
 * this call or a later one. The only place of the lab that uses the network.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../../src-worker/contract/errors.ts';
import { unreadable } from './faults.ts';
import type { RemoteFile } from './fashion-mnist.ts';

export interface DownloadOptions {
  /** Addresses of the folder of the file, each with a slash at its end, tried in order. */
  readonly mirrors: readonly string[];
  readonly file: RemoteFile;
  /** Path of the finished file. */
  readonly to: string;
  /** A connection that brings nothing for this long is given up. */
  readonly stallTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  onBytes(receivedBytes: number): void;
}

/** Each mirror is asked this often; a connection that broke goes on from where it stopped. */
const ROUNDS = 2;

/** Throws: `download_failed`, `disk_full`, `unreadable_file`. */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const { mirrors, file, to } = options;
  if (await isWhole(to, file)) return options.onBytes(file.bytes);
  const failures: string[] = [];
  for (const mirror of Array.from({ length: ROUNDS }, () => mirrors).flat()) {
    const url = new URL(file.name, mirror).href;
    try {
      await receive(url, options);
      if (await isWhole(`${to}.part`, file)) return await rename(`${to}.part`, to);
      await rm(`${to}.part`);
      failures.push(`${url}: the checksum is wrong (expected SHA-256 ${file.sha256})`);
    } catch (error) {
      if (error instanceof LabError || options.signal?.aborted) throw error;
      failures.push(`${url}: ${reasonOf(error)}`);
    }
  }
  throw failed(file, failures);
}

async function isWhole(path: string, { bytes, sha256 }: RemoteFile): Promise<boolean> {
  if ((await sizeOf(path)) !== bytes) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === sha256;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0
  );
}

/** Brings the `.part` file to its full size, or throws with what came kept. */
async function receive(url: string, { file, to, stallTimeoutMs, signal, onBytes }: DownloadOptions): Promise<void> {
  const path = `${to}.part`;
  const have = await sizeOf(path);
  if (have >= file.bytes) return;
  const stalled = new AbortController();
  const timer = setTimeout(
    () => stalled.abort(new Error(`nothing came for ${stallTimeoutMs / 1000} s`)),
    stallTimeoutMs
  );
  try {
    const headers = { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-` }) };
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])])
    });
    if (!response.ok || !response.body)
      throw new Error(`the server answered ${response.status} ${response.statusText}`);
    const continues = response.headers.get('content-range')?.startsWith(`bytes ${have}-`) ?? false;
    const start = response.status === 206 && continues ? have : 0;
    await write(path, start, file.bytes, response.body, (received) => {
      timer.refresh();
      onBytes(received);
    });
  } finally {
    clearTimeout(timer);
  }
}

async function write(
  path: string,
  start: number,
  limit: number,
  body: AsyncIterable<Uint8Array>,
  onBytes: (received: number) => void
): Promise<void> {
  let received = start;
  const count = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      received += chunk.length;
      if (received > limit) throw new Error(`the server sent more than ${limit} bytes`);
      onBytes(received);
      yield chunk;
    }
  };
  await pipeline(body, count, createWriteStream(path, { flags: start > 0 ? 'r+' : 'w', start })).catch(
    (error: unknown) => {
      const { syscall } = error as NodeJS.ErrnoException;
      throw syscall === 'open' || syscall === 'write' ? unreadable(path, error, 'write') : error;
    }
  );
  if (received < limit) throw new Error(`the connection ended after ${received} of ${limit} bytes`);
}

/** `fetch failed` says nothing; its cause says ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const below = cause as NodeJS.ErrnoException | undefined;
  return below?.code ?? (below?.message || message);
}

function failed({ name }: RemoteFile, failures: string[]): LabError {
  const last = failures.at(-1);
  return new LabError(
    'download_failed',
    `${name} could not be downloaded. ${last}. Check the connection and run the command again: it goes on where it stopped. ` +
      'Or get the four files another way and run “caviar datasets import DIR”.',
    { name, failures }
  );
}
