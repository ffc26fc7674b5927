/** The surroundings of a run's thread in Node, for engines that are driven by a test itself. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build, type Rolldown } from 'vite';
import type { BackendHost } from '../../src-worker/backends/backend.ts';

const script = await bundle(join(import.meta.dirname, '../../src-worker/node-worker.ts'));

export const nodeHost = (cores: number): BackendHost => ({
  cores,
  sharedMemory: true,
  nowMs: () => performance.now(),
  startHelper() {
    const worker = new Worker(script, { eval: true });
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => void worker.on('message', listener),
      onError: (listener) => void worker.on('error', listener).on('messageerror', listener),
      terminate: async () => void (await worker.terminate())
    };
  }
});

/** The thread's entry as one script, as the product is built: one that reads its sources file by file starts five times slower. */
async function bundle(entry: string): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      write: false,
      rolldownOptions: { output: { format: 'cjs', codeSplitting: false } }
    }
  })) as Rolldown.RolldownOutput;
  return output[0].code;
}
