import { Command, InvalidArgumentError } from 'commander';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import type { GradcheckResult } from '../../../src-worker/contract/verify.ts';
import { checkedExperiment } from '../../lab/check.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { inSharedMemory } from '../run-thread.ts';
import { runTask } from '../task-thread.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { collect, jsonOption, wholeNumber } from './options.ts';
import { readExperiment, type Changes } from './read-experiment.ts';
import { formatCount, formatNumber, print, printJson, progressLine, table } from './terminal.ts';

interface GradcheckOptions extends Changes {
  examples: number;
  samples: number;
  step: number;
  json?: boolean;
}

export const gradcheckCommand = (end: (code: ExitCode) => void) =>
  new Command('gradcheck')
    .description('Compare the gradients of a network with central differences of its loss, in float64.')
    .argument('<preset|spec.json>', 'a preset (see “caviar presets”) or the file of an experiment')
    .option('--set <path=value>', 'change one setting, network nodes by id; may be repeated', collect)
    .option('--dataset <name>', 'take the examples from another dataset (see “caviar datasets”)')
    .option('--examples <n>', 'training examples in the mini-batch', wholeNumber(1, 1024), 4)
    .option('--samples <n>', 'values of a parameter that are tried at most', wholeNumber(1, 1_000_000), 12)
    .option('--step <h>', 'how far to both sides', positive, 1e-5)
    .addOption(jsonOption('one JSON object a parameter, and one of all as the last line'))
    .addHelpText(
      'after',
      `
Examples:
  caviar gradcheck spiral
  caviar gradcheck small-cnn --examples 8 --samples 50
  caviar gradcheck my-experiment.json --json

The error is ‖n − a‖ / (‖n‖ + ‖a‖) for numeric and analytic gradient; below 1e-5 is good. Values whose steps cross a kink of the loss
(a relu that changes sides) are counted by themselves and not judged. The exit code is 1 when a gradient is wrong.`
    )
    .action(async (source: string, options: GradcheckOptions) => end(await gradcheck(source, options)));

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('A number above 0, at most 1, is expected.');
  return value;
}

async function gradcheck(source: string, options: GradcheckOptions): Promise<ExitCode> {
  const { examples, samples, step, json } = options;
  const datasets = openUserDatasets();
  const experiment = await checkedExperiment(await readExperiment(source, options), datasets);
  const dataset = inSharedMemory(await datasets.load(experiment.data.dataset));
  const result = await runTask('gradcheck', { experiment, dataset, examples, samples, step }, progressLine());
  if (json) {
    for (const tensor of result.tensors) printJson(tensor);
    const { tensors, ...whole } = result;
    const failed = tensors.filter(({ passed }) => !passed).map(({ name }) => name);
    printJson({ ...whole, parameters: tensors.length, failed });
  } else print(describe(experiment, result));
  return result.passed ? exitCodes.ok : exitCodes.failed;
}

function describe({ network }: Experiment, { step, limit, loss, error, tensors, passed }: GradcheckResult): string {
  const kindOf = (node: string) => network.nodes.find(({ id }) => id === node)!.kind;
  const header = ['parameter', 'layer', 'values', 'tried', 'kinks', 'error', ''];
  const rows = tensors.map((tensor) => [
    ...[tensor.name, kindOf(tensor.node), formatCount(tensor.size), String(tensor.checked), String(tensor.kinks)],
    tensor.error.toExponential(1),
    tensor.passed ? 'good' : 'WRONG'
  ]);
  const wrong = tensors
    .filter((tensor) => !tensor.passed && tensor.worst)
    .map(
      ({ name, worst }) =>
        `${name}[${worst!.index}]: the backward pass says ${worst!.analytic}, differences say ${worst!.numeric}`
    );
  return [
    table(header, rows),
    '',
    ...wrong,
    `${passed ? 'All gradients are right' : 'A gradient is wrong'}: error ${error.toExponential(1)} over all, the limit is ${limit.toExponential()} (loss ${formatNumber(loss)}, h = ${step.toExponential()}).`
  ].join('\n');
}
