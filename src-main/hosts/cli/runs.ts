import { Command } from 'commander';
import type { RunSummary } from '../../../src-worker/contract/lab-api.ts';
import { withStore } from './with-store.ts';
import { dbOption, jsonOption, wholeNumber } from './options.ts';
import { describeMain } from './metrics.ts';
import { formatDuration, formatMoment, formatNumber, print, printJson, table } from './terminal.ts';

interface RunsOptions {
  limit: number;
  db?: string;
  json?: boolean;
}

const MAX_RUNS = 10_000;

export const runsCommand = () =>
  new Command('runs')
    .description('List the history, newest first.')
    .option('--limit <n>', 'at most so many runs', wholeNumber(1, MAX_RUNS), MAX_RUNS)
    .addOption(dbOption())
    .addOption(jsonOption('one JSON array'))
    .action(async ({ limit, db, json }: RunsOptions) => {
      const runs = await withStore(db, (store) => store.listRuns({ limit, offset: 0 }));
      if (json) printJson(runs.map(jsonOf));
      else if (runs.length === 0) print('No runs yet. Start one: caviar train fashion-5-layer');
      else print(describe(runs));
    });

/** What programs read; times as ISO 8601. */
export function jsonOf({ startedAtMs, endedAtMs, ...run }: RunSummary) {
  const ended = endedAtMs === null ? null : new Date(endedAtMs).toISOString();
  return { ...run, started: new Date(startedAtMs).toISOString(), ended };
}

function describe(runs: readonly RunSummary[]): string {
  const header = [
    'run',
    'name',
    'status',
    'dataset',
    'backend',
    'started',
    'time',
    'epochs',
    'loss',
    'dev',
    'best dev',
    'test'
  ];
  const rows = runs.map((run) => [
    String(run.id),
    run.name,
    run.status,
    run.dataset,
    run.backend ?? '–',
    formatMoment(run.startedAtMs),
    formatDuration(run.seconds),
    `${run.epochsDone}/${run.epochs}`,
    formatNumber(run.last?.train.loss),
    describeMain(run.last?.dev),
    describeMain(run.best?.dev),
    describeMain(run.test)
  ]);
  return table(header, rows);
}
