/** The tables of the comparison. */
import type { Workload } from '../../src-worker/tasks/bench/workloads/workload.ts';
import type { RunningPeer } from './peer.ts';
import type { Turned } from './protocol.ts';

export interface Row {
  readonly peer: RunningPeer;
  readonly optimizer: string;
  /** By round, with holes where it sat out. */
  readonly turns: Turned[];
  /** In all its turns. */
  spentMs: number;
}

/** One line a program and number of threads: its median, and by how much of the same rounds' Caviar it takes longer. */
export function markdownOf(workload: Workload, rows: readonly Row[]): string {
  const optimizers = [...new Set(rows.map(({ optimizer }) => optimizer))];
  const running = [...new Set(rows.map(({ peer }) => peer))].filter(({ models }) =>
    optimizers.some((optimizer) => 'detail' in models[optimizer]!)
  );
  const rowOf = (peer: RunningPeer, optimizer: string) =>
    rows.find((row) => row.peer === peer && row.optimizer === optimizer)!;
  const header = ['', ...optimizers.flatMap((optimizer) => [`${nameOf(optimizer)}, ms`, 'of Caviar'])];
  const lines = running.map((peer) => {
    const own = running.find(({ name, threads }) => name === 'Caviar' && threads === peer.threads) ?? running[0]!;
    const cells = optimizers.flatMap((optimizer) => cellsOf(rowOf(peer, optimizer), rowOf(own, optimizer)));
    return [titleOf(peer, optimizers), ...cells];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = ['---', ...header.slice(1).map(() => '---:')];
  return [
    `### ${workload.name}, batch ${workload.batchSize}`,
    '',
    ...[header, rule, ...lines].map(line),
    ...notesOf(rows, optimizers)
  ].join('\n');
}

const nameOf = (optimizer: string) => ({ sgd: 'SGD', adam: 'Adam' })[optimizer] ?? optimizer;

function titleOf({ name, threads, models }: RunningPeer, optimizers: readonly string[]): string {
  const details = optimizers.map((optimizer) => detailOf(models[optimizer]!));
  const same = details.every((detail) => detail === details[0]);
  const chosen = same
    ? details[0]!
    : optimizers.map((name, i) => `${nameOf(name)}: ${details[i] || 'plain'}`).join('; ');
  const detail = name.startsWith('Caviar') ? chosen.replace(/, \d+ threads?$/, '') : chosen;
  return `${name}, ${threads} thread${threads > 1 ? 's' : ''}${detail ? ` (${detail})` : ''}`;
}

const detailOf = (model: RunningPeer['models'][string]) => ('detail' in model ? model.detail : '');

/**
 * One thread alone is measured by its time of the processor, whatever else wants it, so the median counts. Threads together wait for each
 * other, so only the clock tells; other work can only make a round slower, so the fastest counts.
 */
const hasOneThread = ({ peer }: Row) => peer.threads === 1;
const medianMs = ({ turns }: Row) => median(Object.values(turns).map(({ cpuMs }) => cpuMs));
const fastestMs = ({ turns }: Row) => Math.min(...Object.values(turns).map(({ wallMs }) => wallMs));

function cellsOf(row: Row, own: Row): [time: string, ratio: string] {
  if (row.turns.length === 0) return ['–', ''];
  const ms = hasOneThread(row) ? medianMs(row) : fastestMs(row);
  return [figure(ms), row === own ? '' : `${figure(ratioOf(row, own))} ×`];
}

/** Pairs of the same round, where there are rounds to compare; `flatMap` passes over those without a turn. */
const ratioOf = (row: Row, own: Row) =>
  hasOneThread(row)
    ? median(row.turns.flatMap(({ cpuMs }, round) => cpuMs / own.turns[round]!.cpuMs))
    : fastestMs(row) / fastestMs(own);

/** What did not run, and why; and what a second thread gives. */
function notesOf(rows: readonly Row[], optimizers: readonly string[]): string[] {
  const refusals = rows.flatMap(({ peer, optimizer }) => {
    const model = peer.models[optimizer]!;
    return 'cannot' in model && peer.threads === 1 ? [{ name: peer.name, optimizer, why: model.cannot }] : [];
  });
  const grouped = Map.groupBy(refusals, ({ name, why }) => `${name}: ${why}`);
  const notes = [...grouped].map(([text, { length }], i) =>
    length === optimizers.length
      ? text
      : `${text} (${[...grouped.values()][i]!.map((r) => nameOf(r.optimizer)).join(', ')})`
  );
  const gains = optimizers.flatMap((optimizer) => gainOf(rows, optimizer));
  return [
    ...(gains.length > 0 ? ['', `Two threads make Caviar ${gains.join(' and ')} times as fast.`] : []),
    ...(notes.length > 0 ? ['', `Not in the table: ${notes.join('; ')}.`] : [])
  ];
}

function gainOf(rows: readonly Row[], optimizer: string): string[] {
  const own = rows.filter(({ peer, optimizer: other }) => peer.name === 'Caviar' && other === optimizer);
  const [one, two] = [1, 2].map((threads) => own.find(({ peer }) => peer.threads === threads));
  if (!one?.turns.length || !two?.turns.length) return [];
  return [`${figure(fastestMs(one) / fastestMs(two))} (${nameOf(optimizer)})`];
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Three digits. */
const figure = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(value))));
