import { createBirpc } from 'birpc';
import { describe, expect, it, vi } from 'vitest';
import { serveApi } from '../../src-main/rpc.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import type { LabApi, LabEvents } from '../../src-worker/contract/lab-api.ts';
import { isWireMessage, pack, unpack } from '../../src-worker/contract/wire.ts';
import { newLab } from '../support/lab.ts';

type Copy = (message: unknown) => unknown;
const viaJson: Copy = (message) => JSON.parse(JSON.stringify(message));

/** The page's end and the host's, joined by a pair of functions that copy messages as a real transport does. */
async function joined(copy: Copy, api?: LabApi) {
  const served = api ?? (await newLab()).lab.connect(() => undefined).api;
  let toHost = (_: unknown) => {};
  let toPage = (_: unknown) => {};
  const onBadMessage = vi.fn();
  const post = (message: unknown) => toPage(copy(message));
  const peer = serveApi(served, { post, on: (listener) => (toHost = listener) }, onBadMessage);
  const runsChanged = vi.fn();
  const page = createBirpc<LabApi, LabEvents>(
    { runsChanged },
    {
      post: (message: unknown) => toHost(copy(message)),
      on: (listener) => (toPage = listener),
      serialize: pack,
      deserialize: unpack
    }
  );
  return { page, peer, runsChanged, onBadMessage, toHost: (message: unknown) => toHost(message) };
}

describe.each<[string, Copy]>([
  ['JSON', viaJson],
  ['structured clones', structuredClone]
])('the interface over %s', (_name, copy) => {
  it('answers calls and tells news', async () => {
    const { page, peer, runsChanged } = await joined(copy);
    expect(await page.countRuns()).toBe(0);
    peer.runsChanged([1, 2]);
    await expect.poll(() => runsChanged.mock.calls).toEqual([[[1, 2]]]);
  });

  it('carries an error whole', async () => {
    const { page } = await joined(copy);
    const error: unknown = await page.getRun(7).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({
      code: 'run_not_found',
      message: expect.stringContaining('7') as string,
      details: { id: 7 }
    });
  });

  it('knows only its own methods', async () => {
    const { page } = await joined(copy);
    for (const name of ['constructor', '__proto__', 'toString', 'dropTables'])
      await expect(page.$call(name as 'hello')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it.each([null, 7, 'q', [], {}, { t: 'q' }, { t: 'q', m: 'hello', a: 'none' }, { t: 's' }])(
    'leaves what is no message to its transport: %j',
    async (message) => {
      const { onBadMessage, toHost, page } = await joined(copy);
      toHost(message);
      expect(onBadMessage).toHaveBeenCalledOnce();
      expect(await page.countRuns()).toBe(0);
    }
  );

  it('says nothing more to a page that has gone', async () => {
    const { peer, runsChanged } = await joined(copy);
    peer.close();
    peer.runsChanged([1]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(runsChanged).not.toHaveBeenCalled();
  });
});

describe('a reply', () => {
  it('with an error of no known form becomes an internal error', () => {
    expect(unpack({ t: 's', i: '1', e: { message: 'odd' } }).e).toMatchObject({ code: 'internal' });
    expect(isWireMessage({ t: 's', i: '1', e: {} })).toBe(true);
  });
});
