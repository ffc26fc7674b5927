/** One task in a worker thread of this process. Used by the command line. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LabError, reviveError } from '../../src-worker/contract/errors.ts';
import type { FromTask, TaskMessage, TaskName, TaskProgress, Tasks } from '../../src-worker/contract/thread.ts';
import { installFolder } from '../installation.ts';

const entry = join(installFolder, 'out', 'main', 'node-worker.js');

/** Throws: what the task threw, or `internal` where its thread died. */
export async function runTask<T extends TaskName>(
  task: T,
  request: Tasks[T]['request'],
  onProgress: (progress: TaskProgress) => void
): Promise<Tasks[T]['result']> {
  const worker = new Worker(entry, { name: task });
  const { promise: ended, resolve, reject } = Promise.withResolvers<Tasks[T]['result']>();
  worker.on('message', (message: FromTask<T>) => {
    switch (message.type) {
      case 'progress':
        return onProgress(message.progress);
      case 'result':
        return resolve(message.result);
      case 'failed':
        return reject(reviveError(message.error));
      default:
        message satisfies never;
    }
  });
  worker.on('error', reject);
  worker.on('messageerror', reject);
  worker.on('exit', () => reject(new LabError('internal', `The thread of the task ${task} ended without saying why.`)));
  worker.postMessage({ type: 'task', task, request } satisfies TaskMessage<T>);
  try {
    return await ended;
  } finally {
    await worker.terminate();
  }
}
