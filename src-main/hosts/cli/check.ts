import { Command } from 'commander';
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import { messageOf, type Fix, type Problem } from '../../../src-worker/contract/problems.ts';
import type { LintFinding, Report } from '../../../src-worker/contract/report.ts';
import { shapeText } from '../../../src-worker/contract/refusal.ts';
import { mended, type Mended } from '../../../src-worker/report/mend.ts';
import { reportOf } from '../../../src-worker/report/report.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { jsonOption } from './options.ts';
import { readSource } from './read-experiment.ts';
import { formatCount, print, printJson, table } from './terminal.ts';

interface CheckOptions {
  fix?: boolean;
  json?: boolean;
}

export const checkCommand = (end: (code: ExitCode) => void) =>
  new Command('check')
    .description('Check an experiment without training: what is wrong and how to mend it, shapes, parameters, advice.')
    .argument('<preset|spec.json>', 'a preset, the file of an experiment, or - for standard input')
    .option(
      '--fix',
      'print the experiment with the first fix of each problem applied, until nothing more can be mended'
    )
    .addOption(
      jsonOption('one JSON object; with --fix, of the mended experiment, with “experiment” and “fixed” besides')
    )
    .addHelpText(
      'after',
      `
Examples:
  caviar check lenet-5
  caviar check broken.json --json
  caviar check broken.json --fix > mended.json

Ends with 2 where something is wrong. Advice (see “caviar lint --rules”) is no fault.`
    )
    .action(async (source: string, { fix, json }: CheckOptions) => {
      const input = await readSource(source);
      const datasets = await openUserDatasets().list();
      const isRight = fix ? mend(input, datasets, json) : tell(reportOf(input, datasets), json);
      end(isRight ? exitCodes.ok : exitCodes.badInput);
    });

/** Both answer whether nothing is wrong. */
function tell(report: Report, json: boolean | undefined): boolean {
  if (json) printJson(jsonOf(report));
  else print(describe(report));
  return report.problems.length === 0;
}

function mend(input: unknown, datasets: readonly DatasetInfo[], json: boolean | undefined): boolean {
  const { experiment, steps, report } = mended(input, datasets);
  if (json) printJson({ ...jsonOf(report), fixed: steps.map(stepOf), experiment });
  else {
    for (const { problem, fix } of steps)
      process.stderr.write(`${placeOf(problem)}: ${messageOf(problem)}\n  mended: ${fix.label}\n`);
    for (const problem of report.problems) process.stderr.write(`${describeProblem(problem)}\n`);
    print(JSON.stringify(experiment, null, 2));
  }
  return report.problems.length === 0;
}

const stepOf = ({ problem: { node, path, code }, fix }: Mended['steps'][number]) => ({
  ...{ node, path, code },
  ...fixOf(fix)
});
const fixOf = ({ label, patch }: Fix) => ({ label, patch });

function jsonOf({ problems, lint, layers, waiting, parameters, multiplyAdds, memoryBytes }: Report) {
  return {
    ok: problems.length === 0,
    problems: problems.map((problem) => {
      const { node, path, code, expected, actual, fixes } = problem;
      return { node, path, code, message: messageOf(problem), expected, actual, fixes: fixes.map(fixOf) };
    }),
    lint: lint.map(({ rule, node, path, message, lesson, fixes }) => ({
      ...{ rule, node, path, message, lesson },
      fixes: fixes.map(fixOf)
    })),
    nodes: layers.map(({ id, kind, outputShape, parameters: count, multiplyAdds: work }) => ({
      ...{ id, kind, shape: outputShape, parameters: count, multiplyAdds: work }
    })),
    ...{ waiting, parameters, multiplyAdds, memoryBytes }
  };
}

function describe(report: Report): string {
  const { problems, lint, waiting, parameters, multiplyAdds } = report;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const waits = waiting.map(({ id, for: culprit }) => `${id} (for ${culprit})`).join(', ');
  return [
    ...(report.layers.length > 0 ? [layerTable(report), ''] : []),
    ...(waits ? [`Waiting: ${waits}`, ''] : []),
    ...problems.map((problem) => `${describeProblem(problem)}\n`),
    ...lint.map((finding) => `${describeAdvice(finding)}\n`),
    problems.length > 0
      ? `${count}.`
      : `Nothing is wrong. ${formatCount(parameters)} parameters, ${formatCount(multiplyAdds)} multiply-adds an example.`
  ].join('\n');
}

function layerTable({ layers }: Report): string {
  const rows = layers.map(({ id, kind, outputShape, parameters, multiplyAdds }) => [
    ...[id, kind, shapeText(outputShape), formatCount(parameters), formatCount(multiplyAdds)]
  ]);
  return table(['layer', 'kind', 'shape', 'parameters', 'multiply-adds'], rows);
}

const placeOf = ({ node, path }: Problem): string => (node === null ? path || 'experiment' : `${node} (${path})`);

function describeProblem(problem: Problem): string {
  const { expected, actual, fixes } = problem;
  return [
    `error: ${placeOf(problem)}`,
    `  ${messageOf(problem)}`,
    ...(expected !== null && actual !== null ? [`  expected ${expected}, found ${actual}`] : []),
    ...fixes.map(({ label }, index) => `  ${index === 0 ? 'fix:' : 'or: '} ${label}`)
  ].join('\n');
}

export const describeAdvice = ({ rule, node, message, fixes }: LintFinding): string =>
  [
    `advice: ${node ?? 'experiment'} [${rule}]`,
    `  ${message}`,
    ...fixes.slice(0, 1).map(({ label }) => `  fix: ${label}`)
  ].join('\n');
