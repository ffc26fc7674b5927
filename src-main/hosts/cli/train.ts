import { Command } from 'commander';
import type { BackendRequest } from '../../../src-worker/contract/run.ts';
import { checkedExperiment } from '../../lab/check.ts';
import { exitCodeOfEnd, type ExitCode } from '../exit-codes.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { appointmentsAt } from './at.ts';
import { addTrainingOptions, collect, dbOption, jsonOption } from './options.ts';
import { readExperiment, type Changes } from './read-experiment.ts';
import { reporterOf } from './reporters.ts';
import { trainRun } from './train-run.ts';
import { withStore } from './with-store.ts';

interface TrainOptions extends Changes {
  backend: BackendRequest;
  threads: number;
  at?: string[];
  db?: string;
  json?: boolean;
}

export const trainCommand = (end: (code: ExitCode) => void) =>
  addTrainingOptions(new Command('train'))
    .description('Train a network and keep the run in the history.')
    .argument('<preset|spec.json>', 'a preset (see “caviar presets”) or the file of an experiment')
    .option(
      '--at <when changes>',
      'change settings on the way: "epoch=2 path=value", "step=100 path=value"; may be repeated',
      collect
    )
    .addOption(dbOption())
    .addOption(jsonOption('one JSON object a line: start, epoch, change …, end'))
    .addHelpText(
      'after',
      `
Examples:
  caviar train fashion-5-layer
  caviar train fashion-5-layer --epochs 3 --set training.optimizer.learningRate=0.01
  caviar train spiral --set network.nodes.h1.units=16 --backend wasm --threads 1
  caviar train fashion-5-layer --at "epoch=2 training.optimizer.learningRate=1e-4"
  caviar train my-experiment.json --json > log.jsonl

Ctrl-C ends the run cleanly and keeps what was measured; a second Ctrl-C ends at once.`
    )
    .action(async (source: string, options: TrainOptions) => end(await train(source, options)));

/** Nothing is stored before spec, dataset and database have proved good. */
async function train(
  source: string,
  { backend, threads, at = [], db, json, ...changes }: TrainOptions
): Promise<ExitCode> {
  const datasets = openUserDatasets();
  const input = await readExperiment(source, changes);
  const experiment = await checkedExperiment(input, datasets);
  const agenda = appointmentsAt(at, experiment, await datasets.list());
  const dataset = await datasets.load(experiment.data.dataset);
  return withStore(db, async (store) => {
    const message = { experiment, dataset, backend, threads, agenda };
    const { end } = await trainRun({ store, message, checkpoints: true, reporterFor: reporterOf(json) });
    return exitCodeOfEnd(end);
  });
}
