/** One run of the command line, from its first event to its end; Ctrl-C stops it. */
import type { Parent } from '../../../src-worker/contract/lab-api.ts';
import { reviveError, type ErrorCode } from '../../../src-worker/contract/errors.ts';
import type { EndEvent, RunEvent } from '../../../src-worker/contract/run.ts';
import type { RunMessage } from '../../../src-worker/contract/thread.ts';
import type { Store } from '../../store/store.ts';
import { exitCodes } from '../exit-codes.ts';
import { startRunThread, type RunThread } from '../run-thread.ts';
import { onInterrupt } from './interrupt.ts';
import type { Reported, Reporter } from './reporters.ts';

export interface Training {
  readonly store: Store;
  /** The experiment is checked. */
  readonly message: Omit<RunMessage, 'type' | 'checkpoints'>;
  /** The run that goes on; unless it is given, the training is a run of its own. */
  readonly goesOn?: number;
  /** Where a run of its own comes from. */
  readonly parent?: Parent;
  /** Whether its states are kept; else it can neither be taken up nor gone back in. */
  readonly checkpoints: boolean;
  reporterFor(reported: Reported): Reporter;
}

/** The run is stored with its first event. Throws: `backend_unavailable`, `invalid_experiment`, `out_of_memory`, of which nothing is kept. */
export async function trainRun({ store, message, goesOn, parent, checkpoints, reporterFor }: Training): Promise<{
  id: number;
  end: EndEvent;
}> {
  const { name, data, seed } = message.experiment;
  let run: { id: number; report: Reporter } | null = null;
  const open = (): number => {
    if (goesOn === undefined) return store.createRun(message.experiment, parent);
    store.reopenRun(goesOn);
    return goesOn;
  };
  const onEvents = (events: RunEvent[]) => {
    if (!run) {
      refuseWhatCannotBegin(events[0]);
      const id = open();
      run = { id, report: reporterFor({ id, name, dataset: data.dataset, seed }) };
    }
    store.appendEvents(run.id, events);
    events.forEach(run.report);
  };
  const thread = startRunThread(
    message,
    onEvents,
    checkpoints ? (checkpoint, state) => store.saveCheckpoint(run!.id, checkpoint, state) : undefined
  );
  const forget = onInterrupt(
    () => thread.send({ type: 'stop' }),
    () => leaveAtOnce(store, run?.id, thread)
  );
  try {
    const end = await thread.ended;
    return { id: run!.id, end };
  } finally {
    forget();
  }
}

/** What is known before the first step, and nothing of the run itself. */
const beforeTheStart: readonly ErrorCode[] = [
  'backend_unavailable',
  'bad_checkpoint',
  'invalid_experiment',
  'out_of_memory'
];

function refuseWhatCannotBegin(first: RunEvent | undefined): void {
  if (first?.type === 'end' && first.error && beforeTheStart.includes(first.error.code)) throw reviveError(first.error);
}

function leaveAtOnce(store: Store, id: number | undefined, thread: RunThread): never {
  void thread.terminate();
  if (id !== undefined) store.endRun(id, 'stopped');
  store.close();
  process.exit(exitCodes.interrupted);
}
