/** One run in a worker thread of this process. Used by the command line; the two hosts with a page train in the page's own workers. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Dataset } from '../../src-worker/contract/dataset.ts';
import { flattenError, LabError } from '../../src-worker/contract/errors.ts';
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import type { EndEvent, RunEvent } from '../../src-worker/contract/run.ts';
import type { FromThread, RunCommand, RunMessage, ToThread } from '../../src-worker/contract/thread.ts';
import { installFolder } from '../installation.ts';

export interface RunThread {
  send(command: RunCommand): void;
  /** The last event, after which the thread is gone. Rejects with what `onEvents` or `onCheckpoint` throws. */
  readonly ended: Promise<EndEvent>;
  terminate(): Promise<unknown>;
}

const entry = join(installFolder, 'out', 'main', 'node-worker.js');

/** A thread that dies without a word ends its run as `failed`. Without `onCheckpoint` it keeps no checkpoints. */
export function startRunThread(
  message: Omit<RunMessage, 'type' | 'checkpoints'>,
  onEvents: (events: RunEvent[]) => void,
  onCheckpoint?: (checkpoint: Checkpoint, state: Uint8Array) => void
): RunThread {
  const worker = new Worker(entry, { name: 'run' });
  const post = (toThread: ToThread) => worker.postMessage(toThread);
  const { promise: ended, resolve, reject } = Promise.withResolvers<EndEvent>();
  let [step, seconds, isOver] = [0, 0, false];

  function finish(settle: () => void): void {
    isOver = true;
    settle();
    void worker.terminate();
  }

  function take(message: FromThread): void {
    try {
      if (message.type === 'checkpoint') return onCheckpoint?.(message.checkpoint, message.state);
      for (const event of message.events) {
        if ('step' in event && event.type !== 'change') step = event.step;
        if ('seconds' in event) seconds = event.seconds;
      }
      onEvents(message.events);
      const end = message.events.find((event) => event.type === 'end');
      if (end) finish(() => resolve(end));
    } catch (error) {
      finish(() => reject(error));
    }
  }

  let failure: unknown = new LabError('internal', 'The training thread ended without saying why.');
  worker.on('message', (message: FromThread) => isOver || take(message));
  worker.on('error', (error) => (failure = threadError(error)));
  worker.on('messageerror', (error) => (failure = error));
  worker.on('exit', () => {
    if (isOver) return;
    const error = flattenError(failure);
    take({ type: 'events', events: [{ type: 'end', status: 'failed', step, test: null, seconds, error }] });
  });
  post({ type: 'run', ...message, checkpoints: onCheckpoint !== undefined, dataset: inSharedMemory(message.dataset) });
  return { send: post, ended, terminate: () => worker.terminate() };
}

function threadError(error: Error): Error {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new LabError('out_of_memory', 'The training thread ran out of memory. Take a smaller batch size or network.')
    : error;
}

/** So that several threads read one copy. */
export function inSharedMemory({ info, examples, labels, values }: Dataset): Dataset {
  const sharedExamples =
    examples instanceof Uint8Array
      ? new Uint8Array(new SharedArrayBuffer(examples.byteLength))
      : new Float32Array(new SharedArrayBuffer(examples.byteLength));
  sharedExamples.set(examples);
  const sharedLabels = new Uint8Array(new SharedArrayBuffer(labels.byteLength));
  sharedLabels.set(labels);
  const sharedValues = new Float32Array(new SharedArrayBuffer(values.byteLength));
  sharedValues.set(values);
  return { info, examples: sharedExamples, labels: sharedLabels, values: sharedValues };
}
