/** One run of the command line, from its first event to its end; Ctrl-C stops it. */
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import { reviveError, type ErrorCode } from '../../../src-worker/contract/errors.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import type { BackendRequest, EndEvent, RunEvent } from '../../../src-worker/contract/run.ts';
import type { Store } from '../../store/store.ts';
import { exitCodes } from '../exit-codes.ts';
import { startRunThread, type RunThread } from '../run-thread.ts';
import { onInterrupt } from './interrupt.ts';
import type { Reported, Reporter } from './reporters.ts';

export interface Training {
  readonly store: Store;
  /** Checked. */
  readonly experiment: Experiment;
  readonly dataset: Dataset;
  readonly backend: BackendRequest;
  readonly threads: number;
  reporterFor(reported: Reported): Reporter;
}

/** The run is stored with its first event. Throws: `backend_unavailable`, `invalid_experiment`, `out_of_memory`, of which nothing is kept. */
export async function trainRun({ store, experiment, dataset, backend, threads, reporterFor }: Training): Promise<{
  id: number;
  end: EndEvent;
}> {
  const { name, data, seed } = experiment;
  let run: { id: number; report: Reporter } | null = null;
  const thread = startRunThread({ experiment, dataset, backend, threads }, (events) => {
    if (!run) {
      refuseWhatCannotBegin(events[0]);
      const id = store.createRun(experiment);
      run = { id, report: reporterFor({ id, name, dataset: data.dataset, seed }) };
    }
    store.appendEvents(run.id, events);
    events.forEach(run.report);
  });
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
const beforeTheStart: readonly ErrorCode[] = ['backend_unavailable', 'invalid_experiment', 'out_of_memory'];

function refuseWhatCannotBegin(first: RunEvent | undefined): void {
  if (first?.type === 'end' && first.error && beforeTheStart.includes(first.error.code)) throw reviveError(first.error);
}

function leaveAtOnce(store: Store, id: number | undefined, thread: RunThread): never {
  void thread.terminate();
  if (id !== undefined) store.endRun(id, 'stopped');
  store.close();
  process.exit(exitCodes.interrupted);
}
