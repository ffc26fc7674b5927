/** Entry of the thread of a run or a task in Node: worker_threads. The same script serves as a helper thread of the wasm backend. */
import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import type { BackendHost, HelperThread } from './backends/backend.ts';
import { isWasmHelperMessage, serveWasmHelper } from './backends/wasm/threads.ts';
import { handedOver, isTaskMessage, type ToThread } from './contract/thread.ts';
import { createRunner } from './runner.ts';
import { serveTask } from './tasks/table.ts';

const port = parentPort!;

const host: BackendHost = {
  cores: availableParallelism(),
  sharedMemory: true,
  nowMs: () => performance.now(),
  startHelper
};
const receive = createRunner({
  ...host,
  send: (message) => port.postMessage(message, handedOver(message)),
  yieldTask: () => new Promise((resolve) => setImmediate(resolve))
});

port.on('message', (message: unknown) => {
  if (isWasmHelperMessage(message)) serveWasmHelper(message, (reply) => port.postMessage(reply));
  else if (isTaskMessage(message)) void serveTask(message, host, (reply) => port.postMessage(reply));
  else receive(message as ToThread);
});

function startHelper(): HelperThread {
  const worker = new Worker(new URL(import.meta.url));
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onError: (listener) => void worker.on('error', listener).on('messageerror', listener),
    terminate: async () => void (await worker.terminate())
  };
}
