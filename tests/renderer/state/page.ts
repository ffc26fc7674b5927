/** The page's state against a real lab in this process, over a bridge that can be stopped, with a thread that only writes down. */
import { vi } from 'vitest';
import { serveApi } from '../../../src-main/rpc.ts';
import type { LabApi } from '../../../src-worker/contract/lab-api.ts';
import type { FromThread, ToThread } from '../../../src-worker/contract/thread.ts';
import { BRIDGE, type Transport } from '../../../src-worker/contract/transport.ts';
import { encodeDataset } from '../../../src-worker/contract/dataset.ts';
import { lab as pageLab } from '../../../src-renderer/state/lab.svelte.ts';
import { newLab } from '../../support/lab.ts';

/** Stands in for the browser's Worker, which Node does not have. */
export class WrittenThread {
  static readonly all: WrittenThread[] = [];
  readonly received: string[] = [];
  readonly messages: ToThread[] = [];
  onmessage: (event: { data: FromThread }) => void = () => undefined;
  constructor() {
    WrittenThread.all.push(this);
  }
  postMessage(message: ToThread): void {
    this.received.push(message.type);
    this.messages.push(message);
  }
  terminate(): void {}
}

/** The page connects once; behind its bridge each test puts a lab of its own. */
const bridge = {
  isStopped: false,
  waiting: [] as unknown[],
  toHost: (_message: unknown): void => undefined,
  toPage: (_message: unknown): void => undefined
};
const transport: Transport = {
  post: (message) =>
    bridge.isStopped ? void bridge.waiting.push(structuredClone(message)) : bridge.toHost(structuredClone(message)),
  on: (listener) => (bridge.toPage = listener)
};

/** `change`: what the lab answers otherwise than it would. */
export async function openPage(change: (api: LabApi) => Partial<LabApi> = () => ({})) {
  const { lab, store, datasets } = await newLab();
  const { api } = lab.connect(() => undefined);
  Object.assign(bridge, { isStopped: false, waiting: [] });
  serveApi(
    { ...api, ...change(api) },
    { post: (message) => bridge.toPage(structuredClone(message)), on: (listener) => (bridge.toHost = listener) },
    () => undefined
  );
  vi.stubGlobal(BRIDGE, transport);
  vi.stubGlobal('Worker', WrittenThread);
  vi.stubGlobal(
    'fetch',
    async (url: string) => new Response(encodeDataset(await datasets.load(url.split('/').pop()!)))
  );
  await pageLab.start({ runsChanged: () => undefined, reconnected: () => undefined });
  return {
    store,
    stop: () => void (bridge.isStopped = true),
    goOn() {
      bridge.isStopped = false;
      for (const message of bridge.waiting.splice(0)) bridge.toHost(message);
    }
  };
}
