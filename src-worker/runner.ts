/**
 * One run in one thread: takes the run and its commands, sends its events and checkpoints.
 *
 * Not a pool and not a store: whoever starts the thread keeps what it sends. It knows no clock, no timer and no thread API; the two
 * entries (web-worker.ts, node-worker.ts) hand those in.
 */
import { flattenError } from './contract/errors.ts';
import type { FromThread, RunCommand, RunMessage, ToThread } from './contract/thread.ts';
import { LiveControls } from './train/controls.ts';
import { Outbox } from './train/outbox.ts';
import { startRun, type StartHost } from './train/start-run.ts';

export interface RunnerHost extends StartHost {
  send(message: FromThread): void;
}

/** Give it every message of the thread, the run first. */
export function createRunner(host: RunnerHost): (message: ToThread) => void {
  const controls = new LiveControls();
  return (message) => (message.type === 'run' ? void run(message, controls, host) : obey(message, controls));
}

function obey(command: RunCommand, controls: LiveControls): void {
  switch (command.type) {
    case 'pause':
    case 'stop':
      return controls.want(command.type);
    case 'resume':
      return controls.want('run');
    case 'step':
      controls.ask({ inSteps: 1, act: { kind: 'pause' } });
      return controls.want('run');
    case 'until':
      controls.ask({ epoch: command.epoch + 1, act: { kind: 'pause' } });
      return controls.want('run');
    case 'act':
      return controls.ask({ act: command.act, ...(command.state && { state: command.state }) });
    default:
      return command satisfies never;
  }
}

async function run(message: RunMessage, controls: LiveControls, host: RunnerHost): Promise<void> {
  const outbox = new Outbox(host);
  const startedMs = host.nowMs();
  try {
    outbox.emit(await startRun(message, controls, { ...host, emit: (event) => outbox.emit(event), save }));
  } catch (error) {
    const seconds = (host.nowMs() - startedMs) / 1000;
    outbox.emit({ type: 'end', status: 'failed', step: outbox.step, test: null, seconds, error: flattenError(error) });
  }

  function save(...[checkpoint, state]: Parameters<Parameters<typeof startRun>[2]['save']>): void {
    outbox.flush();
    host.send({ type: 'checkpoint', checkpoint, state });
  }
}
