/** The page's state against a real lab in this process, over a bridge that can be stopped, with a thread that only writes down. */
import { vi } from 'vitest';
import { serveApi } from '../../../src-main/rpc.ts';
import type { LabApi } from '../../../src-worker/contract/lab-api.ts';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import type { ToThread } from '../../../src-worker/contract/thread.ts';
import { BRIDGE, type Transport } from '../../../src-worker/contract/transport.ts';
import { encodeDataset } from '../../../src-worker/contract/dataset.ts';
import { lab as pageLab } from '../../../src-renderer/state/lab.svelte.ts';
import { newLab } from '../../support/lab.ts';

/** Stands in for the browser's Worker, which Node does not have. */
export class WrittenThread {
  static readonly all: WrittenThread[] = [];
  readonly received: string[] = [];
  onmessage: (event: { data: RunEvent[] }) => void = () => undefined;
  constructor() {
    WrittenThread.all.push(this);
  }
  postMessage({ type }: ToThread): void {
    this.received.push(type);
  }
  terminate(): void {}
}

/** `change`: what the lab answers otherwise than it would. */
export async function openPage(change: (api: LabApi) => Partial<LabApi> = () => ({})) {
  const { lab, store, datasets } = await newLab();
  const { api } = lab.connect(() => undefined);
  const waiting: unknown[] = [];
  let isStopped = false;
  let toHost: (message: unknown) => void = () => undefined;
  let toPage: (message: unknown) => void = () => undefined;
  serveApi(
    { ...api, ...change(api) },
    { post: (message) => toPage(structuredClone(message)), on: (listener) => (toHost = listener) },
    () => undefined
  );
  const transport: Transport = {
    post: (message) => (isStopped ? waiting.push(structuredClone(message)) : toHost(structuredClone(message))),
    on: (listener) => (toPage = listener)
  };
  vi.stubGlobal(BRIDGE, transport);
  vi.stubGlobal('Worker', WrittenThread);
  vi.stubGlobal(
    'fetch',
    async (url: string) => new Response(encodeDataset(await datasets.load(url.split('/').pop()!)))
  );
  await pageLab.start({ runsChanged: () => undefined, reconnected: () => undefined });
  return {
    store,
    stop: () => void (isStopped = true),
    goOn() {
      isStopped = false;
      for (const message of waiting.splice(0)) toHost(message);
    }
  };
}
