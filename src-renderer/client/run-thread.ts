/** One run in one Web Worker: commands down, events up. A thread that dies is reported once as the run's `failed` end. */
import type { FlatError } from '../../src-worker/contract/errors.ts';
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';
import type { FromThread, RunCommand, RunMessage, ToThread } from '../../src-worker/contract/thread.ts';

export interface RunThread {
  send(command: RunCommand): void;
}

const newWorker = () =>
  new Worker(new URL('../../src-worker/web-worker.ts', import.meta.url), { type: 'module', name: 'run' });

/** A thread whose script is already loaded, so that the first point of a curve does not wait for that. */
let spare: Worker | null = null;

export function prepareThread(): void {
  spare ??= newWorker();
  spare.onerror = () => (spare = null); // the run's own thread will say what is wrong
}

export interface ThreadListeners {
  onEvents(events: RunEvent[]): void;
  /** Behind all events from before it. */
  onCheckpoint(checkpoint: Checkpoint, state: Uint8Array<ArrayBuffer>): void;
  /** Comes instead of an `end` event, never after one. */
  onCrash(error: FlatError): void;
}

export function startThread(message: Omit<RunMessage, 'type'>, listeners: ThreadListeners): RunThread {
  const worker = spare ?? newWorker();
  spare = null;
  const post = (to: ToThread) => worker.postMessage(to);
  let ended = false;
  const end = () => {
    ended = true;
    worker.terminate();
    prepareThread();
  };
  const crash = (text: string) => {
    if (ended) return;
    end();
    listeners.onCrash({ code: 'internal', message: text, details: {} });
  };
  worker.onmessage = ({ data }: MessageEvent<FromThread>) => {
    if (ended) return;
    if (data.type === 'checkpoint') return listeners.onCheckpoint(data.checkpoint, data.state);
    if (data.events.some(({ type }) => type === 'end')) end();
    listeners.onEvents(data.events);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    crash(event.message || 'The training thread could not be started.');
  };
  worker.onmessageerror = () => crash('The training thread sent something that the page cannot read.');
  post({ type: 'run', ...message });
  return { send: (command) => !ended && post(command) };
}
