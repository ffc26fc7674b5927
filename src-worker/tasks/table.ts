/** The tasks, and how a thread serves one. A new task is one file, one line here and one in contract/thread.ts. */
import type { BackendHost } from '../backends/backend.ts';
import { flattenError } from '../contract/errors.ts';
import type { FromTask, TaskMessage, TaskName } from '../contract/thread.ts';
import { bench } from './bench/bench.ts';
import { gradcheck } from './gradcheck/gradcheck.ts';
import { inspect } from './inspect/inspect.ts';
import { preview } from './preview/preview.ts';
import { sample } from './preview/sample.ts';
import { weights } from './preview/weights.ts';
import type { Task } from './task.ts';
import { verify } from './verify/verify.ts';

const tasks: { readonly [T in TaskName]: Task<T> } = {
  ...{ bench, verify, gradcheck, inspect },
  ...{ sample, preview, weights }
};

/** Called by the two entries. Never rejects: an error is the last message. */
export async function serveTask<T extends TaskName>(
  { task, request }: TaskMessage<T>,
  host: BackendHost,
  reply: (message: FromTask<T>) => void
): Promise<void> {
  try {
    const progress = (progress: Extract<FromTask, { type: 'progress' }>['progress']) =>
      reply({ type: 'progress', progress });
    reply({ type: 'result', result: await tasks[task](request, { ...host, progress }) });
  } catch (error) {
    reply({ type: 'failed', error: flattenError(error) });
  }
}
