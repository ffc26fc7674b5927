import { Command } from 'commander';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { RunRecord } from '../../../src-worker/contract/lab-api.ts';
import { resumePoint } from '../../../src-worker/contract/retrace.ts';
import type { BackendName } from '../../../src-worker/contract/run.ts';
import type { RunMessage } from '../../../src-worker/contract/thread.ts';
import { checkedExperiment } from '../../lab/check.ts';
import type { Store } from '../../store/store.ts';
import { exitCodeOfEnd, type ExitCode } from '../exit-codes.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { dbOption, jsonOption, runNumber, threadsOption } from './options.ts';
import { reporterOf } from './reporters.ts';
import { trainRun } from './train-run.ts';
import { withStore } from './with-store.ts';

interface ResumeOptions {
  threads: number;
  db?: string;
  json?: boolean;
}

export const resumeCommand = (end: (code: ExitCode) => void) =>
  new Command('resume')
    .description('Go on with a run that was cut off or stopped, as if nothing had happened.')
    .argument('<run>', 'its number (see “caviar runs”)', runNumber)
    .addOption(threadsOption())
    .addOption(dbOption())
    .addOption(jsonOption('one JSON object a line: reopen, epoch, change …, end'))
    .addHelpText(
      'after',
      `
The run goes on from its last checkpoint with the settings, weights and random numbers of that moment. What was measured behind it is
computed again without being told twice. On reference and wasm the losses are those of a run that was never cut off, to the last bit.`
    )
    .action(async (id: number, options: ResumeOptions) => end(await resume(id, options)));

async function resume(id: number, { threads, db, json }: ResumeOptions): Promise<ExitCode> {
  const datasets = openUserDatasets();
  return withStore(db, async (store) => {
    const record = store.getRun(id);
    refuseWhatIsOver(record);
    const experiment = await checkedExperiment(record.experiment, datasets);
    const dataset = await datasets.load(experiment.data.dataset);
    const message = { experiment, dataset, threads, ...resumption(store, record) };
    const { end } = await trainRun({ store, message, goesOn: id, checkpoints: true, reporterFor: reporterOf(json) });
    return exitCodeOfEnd(end);
  });
}

/** Throws: `run_not_ended`, `run_already_ended`. */
function refuseWhatIsOver({ summary: { id, status } }: RunRecord): void {
  if (status === 'running' || status === 'paused')
    throw new LabError('run_not_ended', `Run ${id} is still being trained, by another program.`, { id, status });
  if (status === 'completed' || status === 'diverged')
    throw new LabError(
      'run_already_ended',
      `Run ${id} has ${status}: there is nothing left to do. To train on with other settings: caviar fork ${id} --from latest --set training.epochs=N`,
      { id, status }
    );
}

/** Throws: `checkpoint_not_found`. */
function resumption(store: Store, { summary: { id }, events }: RunRecord): Pick<RunMessage, 'backend' | 'begin' | 'record'> {
  const checkpoints = store.listCheckpoints(id);
  const point = resumePoint(events, checkpoints);
  if (!point)
    throw new LabError(
      'checkpoint_not_found',
      `Run ${id} was cut off before its first checkpoint. Train it anew: caviar fork ${id}`,
      { id }
    );
  const state = store.getCheckpoint(id, point.checkpoint);
  const saved = Math.max(...checkpoints.map(({ number }) => number));
  return {
    backend: backendIn(events),
    begin: { state, checkpoints: saved, resume: point.resume },
    record: point.record
  };
}

/** The backend that computed last: another one would round otherwise. */
export const backendIn = (events: RunRecord['events']): BackendName =>
  events.findLast((event) => event.type === 'start' || event.type === 'backend' || event.type === 'reopen')?.backend ??
  'wasm';
