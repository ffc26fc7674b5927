import { Command } from 'commander';
import type { BackendRequest } from '../../../src-worker/contract/run.ts';
import { checkedExperiment } from '../../lab/check.ts';
import { exitCodeOfEnd, type ExitCode } from '../exit-codes.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { addTrainingOptions, dbOption, jsonOption } from './options.ts';
import { readExperiment, type Changes } from './read-experiment.ts';
import { barReporter, jsonReporter, lineReporter } from './reporters.ts';
import { trainRun } from './train-run.ts';
import { withStore } from './with-store.ts';

interface TrainOptions extends Changes {
  backend: BackendRequest;
  threads: number;
  db?: string;
  json?: boolean;
}

export const trainCommand = (end: (code: ExitCode) => void) =>
  addTrainingOptions(new Command('train'))
    .description('Train a network and keep the run in the history.')
    .argument('<preset|spec.json>', 'a preset (see “caviar presets”) or the file of an experiment')
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
async function train(source: string, { backend, threads, db, json, ...changes }: TrainOptions): Promise<ExitCode> {
  const datasets = openUserDatasets();
  const input = await readExperiment(source, changes);
  const experiment = await checkedExperiment(input, datasets);
  const dataset = await datasets.load(experiment.data.dataset);
  const reporterFor = json ? jsonReporter : process.stdout.isTTY ? barReporter : lineReporter;
  return withStore(db, async (store) => {
    const { end } = await trainRun({ store, experiment, dataset, backend, threads, reporterFor });
    return exitCodeOfEnd(end);
  });
}
