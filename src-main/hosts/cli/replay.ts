import { Command } from 'commander';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { RunRecord } from '../../../src-worker/contract/lab-api.ts';
import { recordOf } from '../../../src-worker/contract/retrace.ts';
import type { BackendName, RunEvent } from '../../../src-worker/contract/run.ts';
import type { RunMessage } from '../../../src-worker/contract/thread.ts';
import { checkedExperiment } from '../../lab/check.ts';
import { compareHistories, type Compared } from '../../lab/compare-histories.ts';
import type { Store } from '../../store/store.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { startRunThread } from '../run-thread.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { onInterrupt } from './interrupt.ts';
import { dbOption, jsonOption, runNumber, threadsOption } from './options.ts';
import { reporterOf } from './reporters.ts';
import { formatCount, print, printJson } from './terminal.ts';
import { withStore } from './with-store.ts';

interface ReplayOptions {
  threads: number;
  db?: string;
  json?: boolean;
}

export const replayCommand = (end: (code: ExitCode) => void) =>
  new Command('replay')
    .description('Train a run again from its record, every change at its step, and compare. Nothing is stored.')
    .argument('<run>', 'its number (see “caviar runs”)', runNumber)
    .addOption(threadsOption())
    .addOption(dbOption())
    .addOption(jsonOption('one JSON object a line: start, epoch, change …, end, replay'))
    .addHelpText(
      'after',
      `
On reference and wasm every loss is the same to the last bit; the exit code is 1 where one is not.`
    )
    .action(async (id: number, options: ReplayOptions) => end(await replay(id, options)));

async function replay(id: number, { threads, db, json }: ReplayOptions): Promise<ExitCode> {
  const datasets = openUserDatasets();
  const { record, begin } = await withStore(db, (store) => {
    const found = store.getRun(id);
    return { record: found, begin: beginningOf(store, found) };
  });
  const experiment = await checkedExperiment(record.experiment, datasets);
  const dataset = await datasets.load(experiment.data.dataset);
  const report = reporterOf(json)({ id, name: experiment.name, dataset: dataset.info.name, seed: experiment.seed });
  const events: RunEvent[] = [];
  const done = recordOf(record.events);
  const message = { experiment, dataset, backend: firstBackend(record), threads, record: done, ...begin };
  const thread = startRunThread(message, (more) => {
    events.push(...more);
    more.forEach(report);
  });
  const forget = onInterrupt(
    () => thread.send({ type: 'stop' }),
    () => process.exit(exitCodes.interrupted)
  );
  await thread.ended.finally(forget);
  const compared = compareHistories(record.events, events);
  if (json) printJson({ type: 'replay', run: id, ...compared });
  else print(describe(id, compared));
  return compared.equal ? exitCodes.ok : exitCodes.failed;
}

/** Throws: `invalid_argument`. */
function firstBackend({ summary: { id }, events }: RunRecord): BackendName {
  const start = events.find((event) => event.type === 'start');
  if (start) return start.backend;
  throw new LabError('invalid_argument', `Run ${id} never began: there is nothing to repeat.`, { id });
}

/** Of a run that began with a checkpoint of another. Throws: `checkpoint_not_found`. */
function beginningOf(store: Store, { events }: RunRecord): Pick<RunMessage, 'begin'> {
  const from = events.find((event) => event.type === 'start')?.from;
  if (!from) return {};
  return {
    begin: { state: store.getCheckpoint(from.run, from.checkpoint), isOwn: false, checkpoints: 0, resume: null, from }
  };
}

function describe(id: number, { equal, steps, epochs, difference }: Compared): string {
  if (equal) return `Run ${id} again: ${formatCount(steps)} steps and ${epochs} epochs are the same to the last bit.`;
  const { what, step, recorded, replayed } = difference!;
  return `Run ${id} again: ${what} of step ${formatCount(step)} is ${replayed}, on record is ${recorded}.`;
}
