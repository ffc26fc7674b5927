import { basename } from 'node:path';
import { Command } from 'commander';
import { variantRuns, type VariantRun } from '../../../src-worker/contract/classic-experiment.ts';
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { didYouMean } from '../../../src-worker/contract/nearest.ts';
import type { BackendRequest } from '../../../src-worker/contract/run.ts';
import { checkedVariants, invalidExperiment } from '../../lab/check.ts';
import { findClassicExperiment, parseClassicExperiment, type NamedExperiment } from '../../lab/classic-experiments.ts';
import { compareVariants, runResult, type RunResult } from '../../lab/comparison.ts';
import type { Store } from '../../store/store.ts';
import { exitCodeOfEnd, exitCodes, type ExitCode } from '../exit-codes.ts';
import { runTask } from '../task-thread.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { describeComparison, describeInspections, type Inspection } from './describe-comparison.ts';
import { addTrainingOptions, collect, dbOption, jsonOption } from './options.ts';
import { applyChanges, looksLikeFile, readJson, type Changes } from './read-experiment.ts';
import { barReporter, jsonReporter, lineReporter, inBrief } from './reporters.ts';
import { print, printJson } from './terminal.ts';
import { trainRun } from './train-run.ts';
import { withStore } from './with-store.ts';

interface ExperimentOptions extends Changes {
  only?: string[];
  backend: BackendRequest;
  threads: number;
  db?: string;
  json?: boolean;
}

export const experimentCommand = (end: (code: ExitCode) => void) =>
  addTrainingOptions(new Command('experiment'))
    .description('Train all variants of a classic experiment, one after another, and compare them.')
    .argument('<name|file.json>', 'an experiment (see “caviar experiments”) or a file of that form')
    .option('--only <variant>', 'train this variant; may be repeated', collect)
    .addOption(dbOption())
    .addOption(jsonOption('one JSON object a line: those of every run, then the comparison'))
    .addHelpText(
      'after',
      `
Examples:
  caviar experiment optimizers
  caviar experiment initial-weights --only he --only normal-0.01
  caviar experiment dropout --dataset fashion-mnist-small --epochs 3

Every variant is a run of the history, named “experiment · variant”. What --set, --epochs and --dataset say holds for all of them.
Ctrl-C ends the run at hand and the experiment; a second Ctrl-C ends at once.`
    )
    .action(async (source: string, options: ExperimentOptions) => end(await compare(source, options)));

/** Nothing is stored before every variant has proved good. */
async function compare(source: string, { only, backend, threads, db, json, ...changes }: ExperimentOptions) {
  const datasets = openUserDatasets();
  const { name, experiment } = await readClassic(source);
  const { runs, problems } = variantRuns(name, experiment, (one) => applyChanges(one, changes) as Experiment);
  if (problems.length > 0) throw invalidExperiment(problems);
  const checked = await checkedVariants(chosen(runs, only), datasets);
  const loaded = new Map<string, Dataset>();
  for (const { data } of checked.map((run) => run.experiment))
    if (!loaded.has(data.dataset)) loaded.set(data.dataset, await datasets.load(data.dataset));
  if (!json) print(`${experiment.question.en}\n${experiment.expect.en}\n`);
  return withStore(db, async (store) => {
    const { results, code } = await trainAll(checked, { store, loaded, backend, threads, json: json === true });
    const variants = compareVariants(results);
    const inspections = experiment.inspect && code === exitCodes.ok ? await inspectAll(checked, loaded) : [];
    if (json) printJson({ type: 'comparison', experiment: name, variants, ...(experiment.inspect && { inspections }) });
    else {
      print(`\n${describeComparison(variants)}`);
      if (inspections.length > 0) print(`\n${describeInspections(inspections)}`);
    }
    return code;
  });
}

async function readClassic(source: string): Promise<NamedExperiment> {
  if (!looksLikeFile(source)) return findClassicExperiment(source);
  return { name: basename(source, '.json'), experiment: parseClassicExperiment(await readJson(source)) };
}

/** Throws: `invalid_argument` for a variant that is not there. */
function chosen(runs: readonly VariantRun[], only: readonly string[] | undefined): readonly VariantRun[] {
  if (!only) return runs;
  const known = [...new Set(runs.map(({ variant }) => variant))];
  const unknown = only.find((variant) => !known.includes(variant));
  if (unknown === undefined) return runs.filter(({ variant }) => only.includes(variant));
  throw new LabError(
    'invalid_argument',
    `This experiment has no variant “${unknown}”. ${didYouMean(unknown, known)}Known: ${known.join(', ')}.`,
    { variant: unknown, known }
  );
}

interface Place {
  readonly store: Store;
  readonly loaded: ReadonlyMap<string, Dataset>;
  readonly backend: BackendRequest;
  readonly threads: number;
  readonly json: boolean;
}

/** Until all are trained, one is stopped or one fails. A loss that is no longer a number is a result. */
async function trainAll(
  runs: readonly VariantRun[],
  { store, loaded, backend, threads, json }: Place
): Promise<{ results: RunResult[]; code: ExitCode }> {
  const reporterFor = json ? jsonReporter : inBrief(process.stdout.isTTY ? barReporter : lineReporter);
  const results: RunResult[] = [];
  for (const { variant, experiment } of runs) {
    const dataset = loaded.get(experiment.data.dataset)!;
    const message = { experiment, dataset, backend, threads };
    const { id, end } = await trainRun({ store, message, checkpoints: false, reporterFor });
    results.push(runResult(variant, store.getRun(id)));
    if (end.status !== 'completed' && end.status !== 'diverged') return { results, code: exitCodeOfEnd(end) };
  }
  return { results, code: exitCodes.ok };
}

/** The first step of every variant, with its first seed. */
async function inspectAll(runs: readonly VariantRun[], loaded: ReadonlyMap<string, Dataset>): Promise<Inspection[]> {
  const inspections: Inspection[] = [];
  for (const { variant, experiment } of runs) {
    if (inspections.some((done) => done.variant === variant)) continue;
    const dataset = loaded.get(experiment.data.dataset)!;
    inspections.push({ variant, ...(await runTask('inspect', { experiment, dataset }, () => undefined)) });
  }
  return inspections;
}
