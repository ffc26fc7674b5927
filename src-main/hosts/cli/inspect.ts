import { Command } from 'commander';
import type { InspectResult } from '../../../src-worker/contract/inspect.ts';
import { checkedExperiment } from '../../lab/check.ts';
import { throughDepth } from '../../lab/depth.ts';
import { runTask } from '../task-thread.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { addChangeOptions, jsonOption } from './options.ts';
import { readExperiment, type Changes } from './read-experiment.ts';
import { formatNumber, formatShare, print, printJson, table } from './terminal.ts';

interface InspectOptions extends Changes {
  json?: boolean;
}

export const inspectCommand = () =>
  addChangeOptions(new Command('inspect'))
    .description('Look at a network before its first step: activations and gradients of every layer.')
    .argument('<preset|spec.json>', 'a preset (see “caviar presets”) or the file of an experiment')
    .addOption(jsonOption('one JSON object, with histograms and with every parameter'))
    .addHelpText(
      'after',
      `
Examples:
  caviar inspect fashion-5-layer
  caviar inspect fashion-5-layer --set 'network.nodes.h*.init={"kind":"normal","std":0.01}'

Computed on the first mini-batch of training, by plain loops: a large convolutional network takes a while.`
    )
    .action(async (source: string, { json, ...changes }: InspectOptions) => {
      const datasets = openUserDatasets();
      const experiment = await checkedExperiment(await readExperiment(source, changes), datasets);
      const dataset = await datasets.load(experiment.data.dataset);
      const result = await runTask('inspect', { experiment, dataset }, () => undefined);
      if (json) printJson(result);
      else print(describe(result));
    });

function describe(result: InspectResult): string {
  const header = ['layer', 'kind', 'activations: mean', 'sd', 'exactly 0', 'gradients: mean', 'sd'];
  const rows = result.layers.map(({ node, kind, activations, gradients }) => [
    ...[node, kind, formatNumber(activations.mean), formatNumber(activations.sd), formatShare(activations.zeros)],
    ...[formatNumber(gradients?.mean), formatNumber(gradients?.sd)]
  ]);
  const depth = throughDepth(result);
  const lines = [`The first mini-batch, ${result.examples} examples, before the first update:`, table(header, rows)];
  if (depth) {
    const { first, last, activations, gradients } = depth;
    const from = (a: number | null, b: number | null) => `${formatNumber(a)} → ${formatNumber(b)}`;
    lines.push(
      '',
      `Standard deviation of activations, ${first} to ${last}: ${from(activations.first, activations.last)}`,
      `Standard deviation of gradients, back from ${last} to ${first}: ${from(gradients.last, gradients.first)}`
    );
  }
  return lines.join('\n');
}
