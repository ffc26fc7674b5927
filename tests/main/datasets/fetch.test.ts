import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatasets, type Datasets } from '../../../src-main/datasets/datasets.ts';
import { fashionMnistFiles, fashionMnistMirrors, type RemoteFile } from '../../../src-main/datasets/fashion-mnist.ts';
import type { FetchOptions, FetchProgress } from '../../../src-main/datasets/fetch-fashion-mnist.ts';
import { emptyFolder, idx, labels, pixels, rejection } from './files.ts';

const resourcesFolder = fileURLToPath(new URL('../../../resources', import.meta.url));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Four stand-ins of the same form; level 0 keeps the images large enough to be cut in their middle. */
const contents: Record<string, Buffer> = {
  'train-images-idx3-ubyte.gz': gzipSync(idx([400, 28, 28], pixels(400, 784)), { level: 0 }),
  'train-labels-idx1-ubyte.gz': gzipSync(idx([400], labels(400))),
  't10k-images-idx3-ubyte.gz': gzipSync(idx([100, 28, 28], pixels(100, 784)), { level: 0 }),
  't10k-labels-idx1-ubyte.gz': gzipSync(idx([100], labels(100)))
};
const files: RemoteFile[] = Object.entries(contents).map(([name, bytes]) => ({
  name,
  bytes: bytes.length,
  sha256: sha256(bytes)
}));
const images = files[0]!;
const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);

type Answer = (request: IncomingMessage, response: ServerResponse, content: Buffer) => void;
let server: Server;
let answer: Answer;
/** `GET /train-images-idx3-ubyte.gz bytes=100-` */
let requests: string[];
let mirror: string;
let userFolder: string;
let datasets: Datasets;

const whole: Answer = (request, response, content) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from, ...(from > 0 && range) });
  response.end(content.subarray(from));
};
/** Sends the first bytes of what was asked for and cuts the line. */
const cutAfter =
  (bytes: number): Answer =>
  (request, response, content) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
    void request;
  };

beforeEach(async () => {
  answer = whole;
  requests = [];
  server = createServer((request, response) => {
    const name = request.url!.slice(1);
    requests.push([name, request.headers.range].filter(Boolean).join(' '));
    answer(request, response, contents[name]!);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  userFolder = emptyFolder();
  datasets = openDatasets({ userFolder, systemFolders: [], resourcesFolder });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const fetchSet = (options: FetchOptions = {}, onProgress: (progress: FetchProgress) => void = () => undefined) =>
  datasets.fetch('fashion-mnist', onProgress, { mirrors: [mirror], files, stallTimeoutMs: 2000, ...options });
const stored = () => (existsSync(join(userFolder, 'datasets')) ? readdirSync(join(userFolder, 'datasets')) : []);
const partOf = ({ name }: RemoteFile) => join(userFolder, 'datasets/.fashion-mnist.download', `${name}.part`);

describe('fetching Fashion-MNIST', () => {
  it('downloads the four files, checks them and can load the set at once', async () => {
    const info = await fetchSet();
    expect(info).toMatchObject({ name: 'fashion-mnist', origin: 'user', trainCount: 400, testCount: 100 });
    expect(requests).toEqual(files.map(({ name }) => name));
    expect(stored()).toEqual(['fashion-mnist']);
    const dataset = await datasets.load('fashion-mnist');
    expect(Buffer.compare(dataset.examples.subarray(0, 400 * 784) as Uint8Array, pixels(400, 784))).toBe(0);
  });

  it('reports how far it is, never going back, up to all bytes of all files', async () => {
    const progress: FetchProgress[] = [];
    await fetchSet({}, (at) => progress.push(at));
    expect(progress.every((at, n) => n === 0 || at.receivedBytes >= progress[n - 1]!.receivedBytes)).toBe(true);
    expect(progress.at(-1)).toEqual({ file: 't10k-labels-idx1-ubyte.gz', receivedBytes: totalBytes, totalBytes });
    expect(new Set(progress.map(({ file }) => file)).size).toBe(4);
  });

  it('asks nothing of the network when the set is there', async () => {
    await fetchSet();
    requests = [];
    expect((await fetchSet()).name).toBe('fashion-mnist');
    expect(requests).toEqual([]);
  });

  it('goes on by itself from where a connection was cut', async () => {
    answer = (request, response, content) =>
      (requests.length === 1 ? cutAfter(100_000) : whole)(request, response, content);
    await fetchSet();
    expect(requests.slice(0, 2)).toEqual([images.name, expect.stringMatching(`^${images.name} bytes=\\d+-$`)]);
    expect(Number(/bytes=(\d+)/.exec(requests[1]!)![1])).toBeGreaterThan(0);
    expect(requests).toHaveLength(5);
  });

  it('goes on in a later call, with the finished files kept', async () => {
    answer = (request, response, content) =>
      (request.url === '/t10k-images-idx3-ubyte.gz' ? cutAfter(30_000) : whole)(request, response, content);
    const error = await rejection(fetchSet());
    expect(error.code).toBe('download_failed');
    expect(error.message).toContain('run the command again: it goes on where it stopped');
    expect(stored()).toEqual(['.fashion-mnist.download']);
    const have = statSync(partOf(files[2]!)).size;
    expect(have).toBeGreaterThan(0);

    [answer, requests] = [whole, []];
    await fetchSet();
    expect(requests).toEqual([`t10k-images-idx3-ubyte.gz bytes=${have}-`, 't10k-labels-idx1-ubyte.gz']);
    expect(stored()).toEqual(['fashion-mnist']);
  });

  it('starts over where the server does not know ranges', async () => {
    answer = (request, response, content) => {
      if (requests.length === 1) return cutAfter(100_000)(request, response, content);
      response.writeHead(200, { 'content-length': content.length });
      response.end(content);
    };
    await fetchSet();
    expect(readFileSync(join(userFolder, 'datasets/fashion-mnist', images.name)).equals(contents[images.name]!)).toBe(
      true
    );
  });

  it('refuses bytes with another checksum and keeps nothing of them', async () => {
    answer = (_request, response, content) => response.end(Buffer.from(content).fill(0, 1000, 1010));
    const { code, message } = await rejection(fetchSet());
    expect(code).toBe('download_failed');
    expect(message).toContain(`${mirror}${images.name}: the checksum is wrong (expected SHA-256 ${images.sha256})`);
    expect(existsSync(partOf(images))).toBe(false);
    expect(await datasets.list()).not.toContainEqual(expect.objectContaining({ name: 'fashion-mnist' }));
  });

  it('refuses more bytes than the file has, and fewer', async () => {
    answer = (_request, response, content) => response.end(Buffer.concat([content, content]));
    expect((await rejection(fetchSet())).message).toContain(`the server sent more than ${images.bytes} bytes`);
    userFolder = emptyFolder();
    datasets = openDatasets({ userFolder, systemFolders: [], resourcesFolder });
    answer = (request, response) => response.end(request.headers.range ? '' : 'short');
    expect((await rejection(fetchSet())).message).toContain(`the connection ended after`);
  });

  it('says what the server answered', async () => {
    answer = (_request, response) => response.writeHead(404).end();
    const { code, message, details } = await rejection(fetchSet());
    expect(code).toBe('download_failed');
    expect(message).toContain(
      `${images.name} could not be downloaded. ${mirror}${images.name}: the server answered 404 Not Found. Check the connection`
    );
    expect(message).toContain('caviar datasets import DIR');
    expect(details.failures).toHaveLength(2);
  });

  it('says that there is no connection', async () => {
    await new Promise((resolve) => server.close(resolve));
    const { code, message } = await rejection(fetchSet());
    expect([code, message.includes('ECONNREFUSED')]).toEqual(['download_failed', true]);
    server.listen(0, '127.0.0.1');
  });

  it('gives a silent server up', async () => {
    answer = (_request, response) => response.write('a');
    const { code, message } = await rejection(fetchSet({ stallTimeoutMs: 100 }));
    expect([code, message.includes('nothing came for 0.1 s')]).toEqual(['download_failed', true]);
  });

  it('takes the next mirror when one fails', async () => {
    await fetchSet({ mirrors: ['http://127.0.0.1:1/', mirror] });
    expect(requests).toHaveLength(4);
  });

  it('stops when it is told to, and keeps what came', async () => {
    const control = new AbortController();
    answer = (_request, response, content) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 50_000));
    };
    const fetching = fetchSet({ signal: control.signal }, ({ receivedBytes }) => {
      if (receivedBytes > 0) setTimeout(() => control.abort(new Error('stopped')), 50);
    });
    await expect(fetching).rejects.toThrow('stopped');
    expect(statSync(partOf(images)).size).toBeGreaterThan(0);
  });

  it('puts the set in the place of a damaged one, which it sets aside', async () => {
    const damaged = join(userFolder, 'datasets/fashion-mnist');
    const asides: string[] = [];
    for (const name of ['fashion-mnist.damaged', 'fashion-mnist.damaged-2']) {
      mkdirSync(damaged, { recursive: true });
      writeFileSync(join(damaged, 'mine'), name);
      await fetchSet({ onSetAside: (path) => asides.push(path) });
      expect(readFileSync(join(userFolder, 'datasets', name, 'mine'), 'utf8')).toBe(name);
      expect((await datasets.info('fashion-mnist')).trainCount).toBe(400);
      rmSync(join(damaged, images.name));
      rmSync(join(damaged, 'mine'), { force: true });
    }
    expect(asides).toEqual(
      ['fashion-mnist.damaged', 'fashion-mnist.damaged-2'].map((name) => join(userFolder, 'datasets', name))
    );
    expect(await datasets.list()).not.toContainEqual(expect.objectContaining({ name: 'fashion-mnist.damaged' }));
  });

  it('fetches nothing else', async () => {
    expect(await rejection(datasets.fetch('xor', () => undefined))).toMatchObject({
      code: 'invalid_argument',
      message: '“xor” cannot be downloaded; “fashion-mnist” can.'
    });
    expect(requests).toEqual([]);
  });
});

describe('the published files', () => {
  const debian = '/usr/share/datasets/fashion-mnist';
  /** MD5s in the README of github.com/zalandoresearch/fashion-mnist; the times in the gzip headers, in seconds. */
  const published: Record<string, [md5: string, time: number]> = {
    'train-images-idx3-ubyte.gz': ['8d4fb7e6c68d591d4c3dfef9ec88bf0d', 1504176606],
    'train-labels-idx1-ubyte.gz': ['25c81989df183df01b3e8a0aad5dffbe', 1504176606],
    't10k-images-idx3-ubyte.gz': ['bef4ecab320f06d8554ea6380940ec79', 1504176627],
    't10k-labels-idx1-ubyte.gz': ['bb300cfdad3c16e7a12a480ee83cd310', 1504176627]
  };

  it.runIf(existsSync(debian)).each(fashionMnistFiles)(
    '$name: Debian’s data under the original gzip header has the published MD5, and our SHA-256 and size',
    (file) => {
      const [md5, time] = published[file.name]!;
      const header = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]); // deflate, with a name, from Unix
      header.writeUInt32LE(time, 4);
      const name = Buffer.from(file.name.replace('.gz', '\0'));
      const original = Buffer.concat([header, name, readFileSync(join(debian, file.name)).subarray(10)]);
      expect(createHash('md5').update(original).digest('hex')).toBe(md5);
      expect([sha256(original), original.length]).toEqual([file.sha256, file.bytes]);
    }
  );

  it('are asked for at the project’s own places', () => {
    expect(fashionMnistMirrors.map((url) => new URL(url).hostname)).toEqual([
      'raw.githubusercontent.com',
      'fashion-mnist.s3-website.eu-central-1.amazonaws.com'
    ]);
  });
});
