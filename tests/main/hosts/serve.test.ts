import { readdirSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { networkAddresses } from '../../../src-main/hosts/http/guests.ts';
import { serve, type ServeOptions } from '../../../src-main/hosts/serve.ts';
import { decodeDataset } from '../../../src-worker/contract/dataset.ts';
import { labParts } from '../../support/lab.ts';
import { presetExperiment } from '../../support/presets.ts';
import { endEvent } from '../../support/run-events.ts';

const assets = readdirSync(join(import.meta.dirname, '../../../out/renderer/assets'));
const asset = (pattern: RegExp) => `/assets/${assets.find((name) => pattern.test(name))!}`;

async function served(options: Partial<ServeOptions> = {}) {
  const parts = await labParts();
  const host = await serve({ ...parts, port: 0, ...options });
  onTestFinished(() => host.close());
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    ask({ port: host.port, path, headers, method });
  const connect = (headers: Record<string, string> = {}) =>
    new WebSocket(`ws://127.0.0.1:${host.port}/rpc`, {
      headers: { Origin: `http://127.0.0.1:${host.port}`, ...headers }
    });
  return { ...parts, host, get, connect };
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Not fetch: it cannot lie about its Host. */
async function ask({
  body,
  ...options
}: {
  port: number;
  path: string;
  headers: Record<string, string>;
  method: string;
  body?: Uint8Array;
}): Promise<Answer> {
  const asked = request({ host: '127.0.0.1', ...options }).end(body);
  const [response] = await once(asked, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The first reply, or how the socket ended. */
async function outcome(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString())));
    socket.once('close', (code) => resolve({ closed: code }));
    socket.once('unexpected-response', (_request, { statusCode }) => resolve({ refused: statusCode }));
    socket.on('error', () => undefined);
  });
}

async function call(socket: WebSocket, m: string, ...a: unknown[]): Promise<unknown> {
  if (socket.readyState !== socket.OPEN) await once(socket, 'open');
  socket.send(JSON.stringify({ t: 'q', i: '1', m, a }));
  return outcome(socket);
}

describe('the browser host’s files', () => {
  it('are isolated, sniffed by nobody, and may run only scripts of their own', async () => {
    const { get } = await served();
    const page = await get('/');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff'
    });
    expect(page.headers['content-security-policy']).toContain(`script-src 'self';`);
    expect(page.headers['content-security-policy']).toContain(`frame-ancestors 'none'`);
  });

  it('may compile kernels in the training worker’s script alone', async () => {
    const { get } = await served();
    const worker = await get(asset(/^web-worker-.*\.js$/));
    expect(worker.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(worker.headers['content-security-policy']).toContain(`script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval';`);
    const script = await get(asset(/^index-.*\.js$/));
    expect(script.headers['content-security-policy']).not.toContain('unsafe-eval');
    const other = await get('/assets/web-worker-x.js/../../index.html');
    expect(other.headers['content-security-policy']).not.toContain('unsafe-eval');
  });

  it.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets',
    '/.building',
    '/rpc',
    '//etc/passwd'
  ])('are all there is: %s is not found', async (path) => {
    expect((await (await served()).get(path)).status).toBe(404);
  });

  it('can only be read', async () => {
    const { get } = await served();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await get('/', {}, method)).status).toBe(405);
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });
});

describe('checkpoints', () => {
  const about = { number: 1, step: 4, epoch: 1, line: 0, changes: 0, why: 'hand', seconds: 1 };

  it('are taken from the page whose run it is, and given back as they came', async () => {
    const { connect, host, store } = await served();
    const { port } = host;
    const socket = connect();
    const argument = { experiment: presetExperiment('xor'), backend: 'auto', threads: 0 };
    const { id, claim } = ((await call(socket, 'createRun', argument)) as { r: { id: number; claim: string } }).r;
    const state = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    const send = (headers: Record<string, string>, path = `/checkpoints/${id}`) =>
      ask({
        ...{ port, path, method: 'POST', body: state },
        headers: {
          ...{ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` },
          ...{ 'caviar-claim': claim, 'caviar-checkpoint': JSON.stringify(about) },
          ...headers
        }
      });
    expect((await send({ 'caviar-claim': 'guessed' })).status).toBe(403);
    expect((await send({ origin: 'http://elsewhere' })).status).toBe(405);
    expect((await send({ 'caviar-checkpoint': '{"number":0}' })).status).toBe(400);
    expect((await send({}, '/checkpoints/99')).status).toBe(404);
    expect(store.listCheckpoints(id)).toEqual([]);
    expect((await send({})).status).toBe(204);
    expect(await call(socket, 'listCheckpoints', id)).toMatchObject({ r: [{ ...about, bytes: 100_000 }] });
    const headers = { host: `127.0.0.1:${port}` };
    const given = await ask({ port, path: `/checkpoints/${id}/1`, method: 'GET', headers });
    expect([given.status, Buffer.compare(given.body, state)]).toEqual([200, 0]);
    const missing = await ask({ port, path: `/checkpoints/${id}/2`, method: 'GET', headers });
    expect([missing.status, JSON.parse(missing.body.toString()).code]).toEqual([404, 'checkpoint_not_found']);
  });
});

describe('datasets', () => {
  it('come as the bytes that a worker decodes', async () => {
    const { get, datasets } = await served();
    const { status, headers, body } = await get('/datasets/spiral');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/octet-stream' });
    const decoded = decodeDataset(new Uint8Array(body).buffer);
    const original = await datasets.load('spiral');
    expect(decoded.info).toEqual(original.info);
    expect(decoded.examples).toEqual(original.examples);
    expect(decoded.labels).toEqual(original.labels);
    expect(await get('/datasets/spiral')).toMatchObject({ body });
  });

  it('that are unknown, or no name at all, are not found', async () => {
    const { get } = await served();
    const answer = await get('/datasets/none');
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'dataset_not_found' });
    for (const path of ['/datasets/', '/datasets/..%2fspiral', '/datasets/SPIRAL', '/datasets/spiral/x'])
      expect((await get(path)).status).toBe(404);
  });
});

describe('who may call', () => {
  it('is only who reached this computer by a name of its own', async () => {
    const { get, host } = await served();
    for (const name of ['localhost', '127.0.0.1', '[::1]'])
      expect((await get('/', { Host: `${name}:${host.port}` })).status).toBe(200);
    for (const name of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
      expect((await get('/', { Host: name })).status).not.toBe(200);
  });

  it('is only a page from here', async () => {
    const { connect, host } = await served();
    expect(await call(connect(), 'countRuns')).toMatchObject({ r: 0 });
    for (const headers of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: '' },
      { Origin: `http://localhost:${host.port}` },
      { Host: 'evil.example', Origin: 'http://evil.example' }
    ] as Record<string, string>[])
      expect(await outcome(connect(headers))).toEqual({ refused: 403 });
  });

  it('in a room is only who has its URL', async () => {
    const { host, get, connect } = await served({ host: '0.0.0.0' });
    const url = new URL(host.urls[0]!);
    const token = url.searchParams.get('token')!;
    expect(token.length).toBeGreaterThanOrEqual(22);

    expect((await get('/')).status).toBe(401);
    expect((await get('/datasets/spiral')).status).toBe(401);
    expect((await get('/?token=guessed')).status).toBe(401);
    expect(await outcome(connect())).toEqual({ refused: 401 });

    const entry = await get(`/?token=${token}`);
    expect(entry).toMatchObject({ status: 303, headers: { location: '/' } });
    const cookie = entry.headers['set-cookie']![0]!;
    expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
    const headers = { Cookie: cookie.split(';')[0]! };
    expect((await get('/', headers)).status).toBe(200);
    expect(await call(connect(headers), 'countRuns')).toMatchObject({ r: 0 });
    expect((await get('/', { Cookie: `${headers.Cookie}x` })).status).toBe(401);
    expect((await get('/', { ...headers, Host: 'evil.example' })).status).toBe(421);
    for (const address of networkAddresses().filter((name) => !name.includes(':')))
      expect((await get('/', { ...headers, Host: `${address}:${host.port}` })).status).toBe(200);
  });
});

describe('a socket', () => {
  it.each<[string, string | Buffer, number]>([
    ['that is not JSON', 'hello', 1003],
    ['that is no message', '{"t":"x"}', 1003],
    ['of bytes', Buffer.from('{"t":"q"}'), 1003],
    ['of nine million characters', `"${'x'.repeat(9_000_000)}"`, 1009]
  ])('that sends a frame %s is closed, and no other', async (_name, frame, code) => {
    const { connect } = await served();
    const [good, bad] = [connect(), connect()];
    await Promise.all([once(good, 'open'), once(bad, 'open')]);
    bad.send(frame);
    expect(await outcome(bad)).toEqual({ closed: code });
    expect(await call(good, 'countRuns')).toMatchObject({ r: 0 });
  });

  const begin = async (socket: WebSocket) => {
    const argument = { experiment: presetExperiment('xor'), backend: 'auto', threads: 0 };
    return ((await call(socket, 'createRun', argument)) as { r: { id: number; claim: string } }).r;
  };

  it('that says goodbye takes its runs with it, one that breaks may come back for them', async () => {
    const { connect, store } = await served();
    const [leaving, breaking] = [connect(), connect()];
    const [left, broken] = [await begin(leaving), await begin(breaking)];
    leaving.close(1001);
    breaking.terminate();
    await expect.poll(() => store.getSummary(left.id).status).toBe('interrupted');
    expect(store.getSummary(broken.id).status).toBe('running');
    const back = connect();
    expect(await call(back, 'claimRun', broken.id, broken.claim)).not.toHaveProperty('e');
    expect(await call(back, 'appendEvents', broken.id, [endEvent('stopped')])).not.toHaveProperty('e');
    expect(store.getSummary(broken.id).status).toBe('stopped');
  });

  it('whose break is not noticed yet loses its run to the page that claims it', async () => {
    const { connect, store } = await served();
    const [halfOpen, back] = [connect(), connect()];
    const { id, claim } = await begin(halfOpen);
    expect(await call(back, 'appendEvents', id, [])).toMatchObject({ e: { code: 'forbidden' } });
    expect(await call(back, 'claimRun', id, claim)).not.toHaveProperty('e');
    expect(await call(back, 'appendEvents', id, [])).not.toHaveProperty('e');
    halfOpen.close(1001);
    await once(halfOpen, 'close');
    expect(await call(back, 'countRuns')).toMatchObject({ r: 1 });
    expect(store.getSummary(id).status).toBe('running');
  });

  it('hears of the runs of others', async () => {
    const { connect } = await served();
    const [first, second] = [connect(), connect()];
    await Promise.all([once(first, 'open'), once(second, 'open')]);
    const news = outcome(second);
    await call(first, 'createRun', { experiment: presetExperiment('xor'), backend: 'auto', threads: 0 });
    expect(await news).toMatchObject({ t: 'q', m: 'runsChanged', a: [[1]] });
  });
});

describe('the port', () => {
  it('that was asked for and is taken is an error that names it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await expect(served({ port })).rejects.toMatchObject({
      code: 'port_unavailable',
      message: expect.stringContaining(`port ${port}`) as string
    });
  });

  it('that was not asked for is the next free one', async () => {
    const first = await served({ port: undefined });
    const second = await served({ port: undefined });
    expect(second.host.port).toBeGreaterThan(first.host.port);
    expect((await second.get('/')).status).toBe(200);
  });
});
