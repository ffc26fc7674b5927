/// <reference lib="webworker" />
/** Entry of the thread of a run or a task in a page: a Web Worker. The same script serves as a helper thread of the wasm backend. */
import type { BackendHost, HelperThread } from './backends/backend.ts';
import { isWasmHelperMessage, serveWasmHelper } from './backends/wasm/threads.ts';
import { handedOver, isTaskMessage, type ToThread } from './contract/thread.ts';
import { createRunner } from './runner.ts';
import { serveTask } from './tasks/table.ts';

declare const self: DedicatedWorkerGlobalScope;

const host: BackendHost = {
  cores: navigator.hardwareConcurrency,
  sharedMemory: self.crossOriginIsolated,
  nowMs: () => performance.now(),
  startHelper
};
const receive = createRunner({
  ...host,
  send: (message) => self.postMessage(message, handedOver(message)),
  yieldTask: macrotask()
});

self.onmessage = ({ data }: MessageEvent<unknown>) => {
  if (isWasmHelperMessage(data)) serveWasmHelper(data, (reply) => self.postMessage(reply));
  else if (isTaskMessage(data)) void serveTask(data, host, (reply) => self.postMessage(reply));
  else receive(data as ToThread);
};

/** A message to ourselves: timers would be held back to 4 ms. */
function macrotask(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}

function startHelper(): HelperThread {
  const worker = new Worker(self.location.href, { type: 'module' });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener('message', ({ data }) => listener(data)),
    onError(listener) {
      worker.addEventListener('error', ({ message }) =>
        listener(new Error(message || 'A helper thread could not start.'))
      );
      worker.addEventListener('messageerror', () => listener(new Error('A helper thread sent what cannot be read.')));
    },
    terminate: () => Promise.resolve(worker.terminate())
  };
}
