import { Command } from 'commander';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { StoredCheckpoint } from '../../../src-worker/contract/checkpoint.ts';
import type { RunRecord } from '../../../src-worker/contract/lab-api.ts';
import { experimentAt } from '../../../src-worker/contract/retrace.ts';
import type { BackendRequest } from '../../../src-worker/contract/run.ts';
import { checkedExperiment } from '../../lab/check.ts';
import type { Store } from '../../store/store.ts';
import { exitCodeOfEnd, type ExitCode } from '../exit-codes.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { addTrainingOptions, checkpointNumber, dbOption, jsonOption, runNumber } from './options.ts';
import { applyChanges, type Changes } from './read-experiment.ts';
import { reporterOf } from './reporters.ts';
import { trainRun } from './train-run.ts';
import { withStore } from './with-store.ts';

interface ForkOptions extends Changes {
  from?: number | 'best' | 'latest';
  backend: BackendRequest;
  threads: number;
  db?: string;
  json?: boolean;
}

export const forkCommand = (end: (code: ExitCode) => void) =>
  addTrainingOptions(new Command('fork'))
    .description('Train a run’s experiment as a run of its own, with one thing changed.')
    .argument('<run>', 'its number (see “caviar runs”)', runNumber)
    .option('--from <checkpoint>', 'begin with the state of a checkpoint: its number, best or latest', checkpointNumber)
    .addOption(dbOption())
    .addOption(jsonOption('one JSON object a line: start, epoch, change …, end'))
    .addHelpText(
      'after',
      `
Examples:
  caviar fork 12 --set training.optimizer.learningRate=0.01
  caviar fork 12 --from best --set training.regularize.l2=0.001

Without --from it begins at the first step, with the same first weights and the same order of examples.`
    )
    .action(async (id: number, options: ForkOptions) => end(await fork(id, options)));

async function fork(id: number, { from, backend, threads, db, json, ...changes }: ForkOptions): Promise<ExitCode> {
  const datasets = openUserDatasets();
  return withStore(db, async (store) => {
    const record = store.getRun(id);
    const at = from === undefined ? null : pick(store, id, from);
    const input = applyChanges(at ? experimentAt(record.experiment, record.events, at) : record.experiment, changes);
    const experiment = await checkedExperiment(input, datasets);
    const dataset = await datasets.load(experiment.data.dataset);
    const message = { experiment, dataset, backend, threads, ...(at && { begin: beginning(store, record, at) }) };
    const parent = { run: id, checkpoint: at?.number ?? null };
    if (at) store.pinCheckpoint(id, at.number);
    const { end } = await trainRun({ store, message, parent, checkpoints: true, reporterFor: reporterOf(json) });
    return exitCodeOfEnd(end);
  });
}

/** Throws: `checkpoint_not_found`. */
function pick(store: Store, id: number, from: number | 'best' | 'latest'): StoredCheckpoint {
  const kept = store.listCheckpoints(id);
  // The best epoch may be the last one, which is kept once.
  const best = kept.findLast(({ why }) => why === 'best') ?? kept.at(-1);
  const found = from === 'latest' ? kept.at(-1) : from === 'best' ? best : kept.find(({ number }) => number === from);
  if (found) return found;
  const known = kept.length > 0 ? `It has ${kept.map(({ number }) => number).join(', ')}.` : 'It has none.';
  throw new LabError('checkpoint_not_found', `Run ${id} has no checkpoint ${from}. ${known}`, { run: id, from });
}

const beginning = (store: Store, { summary: { id } }: RunRecord, { number, step }: StoredCheckpoint) => ({
  state: store.getCheckpoint(id, number),
  isOwn: false,
  checkpoints: 0,
  resume: null,
  from: { run: id, checkpoint: number, step }
});
