/**
 * A thread for small tasks while a network is being built: one lives as long as the page, and does one task after another. What is no
 * longer wanted is left out of the queue; if it is being done for long already, the thread is given up for a fresh one.
 */
import { reviveError } from '../../src-worker/contract/errors.ts';
import type { FromTask, TaskMessage, TaskName, Tasks } from '../../src-worker/contract/thread.ts';

/** A task that nobody waits for may take so long before it is ended: a new thread takes about as long to start. */
const PATIENCE_MS = 250;

interface Job {
  readonly message: TaskMessage;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

let worker: Worker | null = null;
let current: Job | null = null;
let queue: readonly Job[] = [];

/** Rejects with the task's LabError, or with the signal's reason. */
export function doTask<T extends TaskName>(
  task: T,
  request: Tasks[T]['request'],
  signal: AbortSignal
): Promise<Tasks[T]['result']> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const job: Job = { message: { type: 'task', task, request }, resolve: resolve as Job['resolve'], reject };
    signal.addEventListener('abort', () => drop(job, signal.reason), { once: true });
    queue = [...queue, job];
    next();
  });
}

function next(): void {
  const job = queue[0];
  if (current || !job) return;
  queue = queue.slice(1);
  current = job;
  worker ??= start();
  worker.postMessage(job.message);
}

function start(): Worker {
  const started = new Worker(new URL('../../src-worker/web-worker.ts', import.meta.url), {
    type: 'module',
    name: 'preview'
  });
  started.onmessage = ({ data }: MessageEvent<FromTask>) => {
    if (data.type === 'result') end((job) => job.resolve(data.result));
    else if (data.type === 'failed') end((job) => job.reject(reviveError(data.error)));
  };
  started.onerror = (event) => {
    event.preventDefault();
    giveUp(new Error(event.message || 'The thread for previews could not be started.'));
  };
  started.onmessageerror = () => giveUp(new Error('The thread for previews sent what cannot be read.'));
  return started;
}

function end(tell: (job: Job) => void): void {
  const job = current;
  current = null;
  if (job) tell(job);
  next();
}

function giveUp(reason: unknown): void {
  worker?.terminate();
  worker = null;
  end((job) => job.reject(reason));
}

function drop(job: Job, reason: unknown): void {
  job.reject(reason);
  queue = queue.filter((other) => other !== job);
  if (job === current) setTimeout(() => job === current && giveUp(reason), PATIENCE_MS);
}
