import { Command } from 'commander';
import type { RunRecord } from '../../../src-worker/contract/lab-api.ts';
import { withStore } from './with-store.ts';
import { dbOption, jsonOption, wholeNumber } from './options.ts';
import { jsonOf } from './runs.ts';
import {
  formatCount,
  formatDuration,
  formatMoment,
  formatNumber,
  formatShare,
  print,
  printJson,
  table
} from './terminal.ts';

interface ShowOptions {
  db?: string;
  json?: boolean;
}

export const showCommand = () =>
  new Command('show')
    .description('Show one run: its experiment, every epoch, its result.')
    .argument('<run>', 'its number (see “caviar runs”)', wholeNumber(1, Number.MAX_SAFE_INTEGER))
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

function detailsOf(record: RunRecord) {
  const { best, last, test, ...summary } = jsonOf(record.summary);
  const start = record.events.find((event) => event.type === 'start');
  const end = record.events.find((event) => event.type === 'end');
  return {
    ...summary,
    spec: record.experiment,
    ...(start && { detail: start.detail, why: start.why, threads: start.threads, counts: start.counts }),
    epochs: epochsOf(record),
    result: { test, best, last, seconds: summary.seconds, error: end?.error ?? null }
  };
}

function describe(record: RunRecord): string {
  const { summary, experiment, events } = record;
  const start = events.find((event) => event.type === 'start');
  const end = events.find((event) => event.type === 'end');
  const { optimizer, loss, batchSize } = experiment.training;
  const facts = [
    `Run ${summary.id}: ${summary.name}`,
    `status    ${summary.status}${end?.error ? `: ${end.error.message}` : ''}`,
    `started   ${formatMoment(summary.startedAtMs)}, ${formatDuration(summary.seconds)} of training`,
    `dataset   ${summary.dataset}`,
    `backend   ${summary.backend ?? '–'}${start ? ` (${start.detail})` : ''}`,
    `network   ${experiment.network.nodes.map(({ kind }) => kind).join(' → ')}, ${formatCount(summary.parameters)} parameters`,
    `training  ${loss.kind}, ${optimizer.kind}, learning rate ${formatNumber(summary.learningRate)}, batch ${batchSize}, seed ${experiment.seed}`,
    `test      loss ${formatNumber(summary.test?.loss)}, accuracy ${formatShare(summary.test?.accuracy)}`
  ];
  const rows = epochsOf(record).map(({ epoch, train, dev, seconds }) => [
    `${epoch}/${summary.epochs}`,
    ...[formatNumber(train.loss), formatShare(train.accuracy), formatNumber(dev?.loss), formatShare(dev?.accuracy)],
    seconds.toFixed(1)
  ]);
  const epochs = table(['epoch', 'train loss', 'accuracy', 'dev loss', 'accuracy', 'seconds'], rows);
  return [...facts, '', rows.length > 0 ? epochs : 'No epoch was finished.'].join('\n');
}
