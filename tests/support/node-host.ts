/** The surroundings of a run's thread in Node, for engines that are driven by a test itself. */
import { Worker } from 'node:worker_threads';
import type { BackendHost } from '../../src-worker/backends/backend.ts';

export const nodeHost = (cores: number): BackendHost => ({
  cores,
  sharedMemory: true,
  nowMs: () => performance.now(),
  startHelper() {
    const worker = new Worker(new URL('../../src-worker/node-worker.ts', import.meta.url));
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => void worker.on('message', listener),
      onError: (listener) => void worker.on('error', listener).on('messageerror', listener),
      terminate: async () => void (await worker.terminate())
    };
  }
});
