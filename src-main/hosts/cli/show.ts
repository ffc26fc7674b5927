import { Command } from 'commander';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import type { Parent, RunRecord } from '../../../src-worker/contract/lab-api.ts';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { withStore } from './with-store.ts';
import { dbOption, jsonOption, runNumber } from './options.ts';
import { describeAct } from './reporters.ts';
import { jsonOf } from './runs.ts';
import { describeDivergence, describeMetrics, describeReport, formatMetric, namesIn } from './metrics.ts';
import { formatCount, formatDuration, formatMoment, formatNumber, print, printJson, table } from './terminal.ts';

interface ShowOptions {
  db?: string;
  json?: boolean;
}

export const showCommand = () =>
  new Command('show')
    .description('Show one run: its experiment, every epoch, its result.')
    .argument('<run>', 'its number (see “caviar runs”)', runNumber)
    .addOption(dbOption())
    .addOption(jsonOption('one JSON object'))
    .action(async (id: number, { db, json }: ShowOptions) => {
      const record = await withStore(db, (store) => store.getRun(id));
      if (json) printJson(detailsOf(record));
      else print(describe(record));
    });

const epochsOf = ({ events }: RunRecord) =>
  events
    .filter((event) => event.type === 'epoch')
    .map(({ epoch, train, dev, seconds }) => ({ epoch, train, dev, seconds }));

/** What was done to a run while it trained. */
const isAct = ({ type }: RunEvent): boolean =>
  ['change', 'refused', 'back', 'reopen', 'checkpoint', 'note'].includes(type);

function detailsOf(record: RunRecord) {
  const { best, last, test, ...summary } = jsonOf(record.summary);
  const start = record.events.find((event) => event.type === 'start');
  const end = record.events.find((event) => event.type === 'end');
  return {
    ...summary,
    spec: record.experiment,
    ...(start && { detail: start.detail, why: start.why, threads: start.threads, counts: start.counts }),
    epochs: epochsOf(record),
    moves: record.events.filter((event) => event.type === 'backend'),
    acts: record.events.filter(isAct),
    result: {
      ...{ test, best, last, seconds: summary.seconds, error: end?.error ?? null },
      ...(end?.reports && { reports: end.reports }),
      ...(end?.diverged && { diverged: end.diverged })
    }
  };
}

function describe(record: RunRecord): string {
  const { summary, experiment, events } = record;
  const start = events.find((event) => event.type === 'start');
  const end = events.find((event) => event.type === 'end');
  const { optimizer, batchSize } = experiment.training;
  const more = specialsOf(experiment);
  const facts = [
    `Run ${summary.id}: ${summary.name}`,
    `status    ${summary.status}${end?.error ? `: ${end.error.message}` : ''}`,
    `started   ${formatMoment(summary.startedAtMs)}, ${formatDuration(summary.seconds)} of training`,
    `dataset   ${summary.dataset}`,
    `backend   ${summary.backend ?? '–'}${start ? ` (${start.detail})` : ''}`,
    `network   ${experiment.network.nodes.map(({ kind }) => kind).join(' → ')}, ${formatCount(summary.parameters)} parameters`,
    `training  ${lossesOf(experiment)}, ${optimizer.kind}, learning rate ${formatNumber(summary.learningRate)}, batch ${batchSize}, seed ${experiment.seed}`,
    ...(more.length > 0 ? [`with      ${more.join(', ')}`] : []),
    `test      ${summary.test ? describeMetrics(summary.test) : '–'}`,
    ...(summary.parent ? [`forked    ${describeParent(summary.parent)}`] : []),
    ...events.filter(isAct).map((event) => `done      ${describeAct(summary.id, event)}`),
    ...events.flatMap((event) => (event.type === 'backend' ? [`moved     step ${event.step}: ${event.why}`] : [])),
    ...(end?.diverged ? [`diverged  ${describeDivergence(end.diverged)}`] : [])
  ];
  const reports = end?.reports ?? [];
  return [
    ...facts,
    '',
    describeEpochs(record),
    ...reports.flatMap((report) => ['', describeReport(report, reports.length > 1)])
  ].join('\n');
}

const describeParent = ({ run, checkpoint }: Parent): string =>
  checkpoint === null ? `from run ${run}` : `from checkpoint ${checkpoint} of run ${run}`;

function lossesOf({ training: { loss, heads } }: Experiment): string {
  const judged = Object.entries(heads).map(([node, head]) => `${node}: ${head.loss.kind}`);
  return judged.length > 0 ? judged.join(' + ') : loss.kind;
}

/** What most experiments do without. */
function specialsOf({ data, training }: Experiment): string[] {
  const { schedule, regularize, clip, earlyStopping } = training;
  const { l1, l2, form, decay, maxNorm } = regularize;
  const penalties = { l1, l2, decay, 'max-norm': maxNorm ?? 0 };
  return [
    ...(data.limit === null ? [] : [`${formatCount(data.limit)} examples`]),
    ...(data.augment.length > 0 ? [data.augment.map(({ kind }) => kind).join(' + ')] : []),
    ...(schedule.kind === 'constant' ? [] : [`learning rate ${schedule.kind}`]),
    ...Object.entries(penalties).flatMap(([name, value]) => (value > 0 ? [`${name} ${value}`] : [])),
    ...(l1 + l2 > 0 && form !== 'half' ? [`penalty form ${form}`] : []),
    ...(clip ? [`gradients clipped by ${clip.kind} at ${clip.limit}`] : []),
    ...(earlyStopping ? [`early stopping on ${earlyStopping.monitor}, patience ${earlyStopping.patience}`] : [])
  ];
}

function describeEpochs(record: RunRecord): string {
  const epochs = epochsOf(record);
  if (epochs.length === 0) return 'No epoch was finished.';
  const [trained, held] = [namesIn(epochs.map(({ train }) => train)), namesIn(epochs.map(({ dev }) => dev))];
  const rows = epochs.map(({ epoch, train, dev, seconds }) => [
    `${epoch}/${record.summary.epochs}`,
    ...trained.map((name) => formatMetric(name, train[name])),
    ...held.map((name) => formatMetric(name, dev?.[name])),
    seconds.toFixed(1)
  ]);
  // The first of each part says which part it is.
  const titles = (part: string, names: readonly string[]) =>
    names.map((name, at) => (at === 0 ? `${part} ${name}` : name));
  return table(['epoch', ...titles('train', trained), ...titles('dev', held), 'seconds'], rows);
}
