import { Command, Option } from 'commander';
import { backendRequestSchema, type BackendRequest } from '../../../src-worker/contract/run.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { checkedExperiment } from '../../lab/check.ts';
import type { Store } from '../../store/store.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { startRunThread, type RunThread } from '../run-thread.ts';
import { exitCodeOfEnd, exitCodes, type ExitCode } from '../exit-codes.ts';
import { onInterrupt } from './interrupt.ts';
import { withStore } from './with-store.ts';
import { collect, dbOption, jsonOption, wholeNumber } from './options.ts';
import { readExperiment, type Changes } from './read-experiment.ts';
import { barReporter, jsonReporter, lineReporter, type Reporter } from './reporters.ts';

interface TrainOptions extends Changes {
  backend: BackendRequest;
  threads: number;
  db?: string;
  json?: boolean;
}

const MAX_EPOCHS = 100_000;
const MAX_THREADS = 64;

export const trainCommand = (end: (code: ExitCode) => void) =>
  new Command('train')
    .description('Train a network and keep the run in the history.')
    .argument('<preset|spec.json>', 'a preset (see “caviar presets”) or the file of an experiment')
    .option('--set <path=value>', 'change one setting, network nodes by id; may be repeated', collect)
    .option('--epochs <n>', 'passes through the training set', wholeNumber(1, MAX_EPOCHS))
    .option('--dataset <name>', 'train on another dataset (see “caviar datasets”)')
    .addOption(
      new Option('--backend <name>', 'what computes; auto measures and picks')
        .choices(backendRequestSchema.options)
        .default('auto' satisfies BackendRequest)
    )
    .option('--threads <n>', 'compute threads; 0: as many as help', wholeNumber(0, MAX_THREADS), 0)
    .addOption(dbOption())
    .addOption(jsonOption('one JSON object a line: start, epoch …, end'))
    .addHelpText(
      'after',
      `
Examples:
  caviar train fashion-5-layer
  caviar train fashion-5-layer --epochs 3 --set training.optimizer.learningRate=0.01
  caviar train spiral --set network.nodes.h1.units=16 --backend wasm --threads 1
  caviar train my-experiment.json --json > log.jsonl

Ctrl-C ends the run cleanly and keeps what was measured; a second Ctrl-C ends at once.`
    )
    .action(async (source: string, options: TrainOptions) => end(await train(source, options)));

/** Nothing is stored before spec, dataset and database have proved good. */
async function train(source: string, options: TrainOptions): Promise<ExitCode> {
  const datasets = openUserDatasets();
  const input = await readExperiment(source, options);
  const experiment = await checkedExperiment(input, datasets);
  const dataset = await datasets.load(experiment.data.dataset);

  return withStore(options.db, async (store) => {
    const id = store.createRun(experiment);
    const report = reporterFor(id, experiment, options.json === true);
    const thread = startRunThread(
      { experiment, dataset, backend: options.backend, threads: options.threads },
      (events) => {
        store.appendEvents(id, events);
        events.forEach(report);
      }
    );
    const forget = onInterrupt(
      () => thread.send({ type: 'stop' }),
      () => leaveAtOnce(store, id, thread)
    );
    try {
      return exitCodeOfEnd(await thread.ended);
    } finally {
      forget();
    }
  });
}

function leaveAtOnce(store: Store, id: number, thread: RunThread): never {
  void thread.terminate();
  store.endRun(id, 'stopped');
  store.close();
  process.exit(exitCodes.interrupted);
}

function reporterFor(id: number, { name, data, seed }: Experiment, json: boolean): Reporter {
  const reported = { id, name, dataset: data.dataset, seed };
  if (json) return jsonReporter(reported);
  return process.stdout.isTTY ? barReporter(reported) : lineReporter(reported);
}
