/** One run of the command line, from its place in the store to its end; Ctrl-C stops it. */
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import type { BackendRequest, EndEvent } from '../../../src-worker/contract/run.ts';
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

export async function trainRun({ store, experiment, dataset, backend, threads, reporterFor }: Training): Promise<{
  id: number;
  end: EndEvent;
}> {
  const id = store.createRun(experiment);
  const { name, data, seed } = experiment;
  const report = reporterFor({ id, name, dataset: data.dataset, seed });
  const thread = startRunThread({ experiment, dataset, backend, threads }, (events) => {
    store.appendEvents(id, events);
    events.forEach(report);
  });
  const forget = onInterrupt(
    () => thread.send({ type: 'stop' }),
    () => leaveAtOnce(store, id, thread)
  );
  try {
    return { id, end: await thread.ended };
  } finally {
    forget();
  }
}

function leaveAtOnce(store: Store, id: number, thread: RunThread): never {
  void thread.terminate();
  store.endRun(id, 'stopped');
  store.close();
  process.exit(exitCodes.interrupted);
}
