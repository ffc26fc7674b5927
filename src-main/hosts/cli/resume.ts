import { Command } from 'commander';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { RunRecord } from '../../../src-worker/contract/lab-api.ts';
import { resumption } from '../../../src-worker/contract/retrace.ts';
import { checkedExperiment } from '../../lab/check.ts';
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
    const read = async (run: number, checkpoint: number) => store.getCheckpoint(run, checkpoint);
    const known = { id, events: record.events, checkpoints: store.listCheckpoints(id), read };
    const message = { experiment, dataset, threads, ...(await resumption(known)) };
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
