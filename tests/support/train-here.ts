/** A run in this very thread: what it sends, in order. */
import type { BackendHost } from '../../src-worker/backends/backend.ts';
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';
import type { RunMessage } from '../../src-worker/contract/thread.ts';
import { createRunner } from '../../src-worker/runner.ts';
import { nodeHost } from './node-host.ts';

export type Receive = ReturnType<typeof createRunner>;

export interface Here {
  host?: Partial<BackendHost>;
  /** After each message of the thread. */
  onMessage?: (events: RunEvent[], receive: Receive) => void;
  onCheckpoint?: (checkpoint: Checkpoint, receive: Receive) => void;
  /** Once the run has been handed over. */
  meanwhile?: (receive: Receive) => void;
}

export interface Trained {
  events: RunEvent[];
  /** The same as they came. */
  messages: RunEvent[][];
  checkpoints: { checkpoint: Checkpoint; state: Uint8Array }[];
}

export function trainHere(message: Omit<RunMessage, 'type'>, here: Here = {}): Promise<Trained> {
  const { host = {}, onMessage, onCheckpoint, meanwhile } = here;
  const trained: Trained = { events: [], messages: [], checkpoints: [] };
  return new Promise((resolve) => {
    const receive = createRunner({
      ...nodeHost(1),
      ...host,
      yieldTask: () => new Promise((done) => setImmediate(done)),
      send(sent) {
        if (sent.type === 'checkpoint') {
          trained.checkpoints.push({ checkpoint: sent.checkpoint, state: sent.state });
          return onCheckpoint?.(sent.checkpoint, receive);
        }
        trained.messages.push(sent.events);
        trained.events.push(...sent.events);
        onMessage?.(sent.events, receive);
        if (sent.events.at(-1)?.type === 'end') resolve(trained);
      }
    });
    receive({ type: 'run', ...message });
    meanwhile?.(receive);
  });
}
