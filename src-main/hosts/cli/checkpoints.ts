import { Command } from 'commander';
import type { StoredCheckpoint } from '../../../src-worker/contract/checkpoint.ts';
import { dbOption, jsonOption, runNumber } from './options.ts';
import { formatBytes, formatCount, formatDuration, formatMoment, print, printJson, table } from './terminal.ts';
import { withStore } from './with-store.ts';

export const checkpointsCommand = () =>
  new Command('checkpoints')
    .description('List the states that are kept of a run.')
    .argument('<run>', 'its number (see “caviar runs”)', runNumber)
    .addOption(dbOption())
    .addOption(jsonOption('one JSON array'))
    .action(async (id: number, { db, json }: { db?: string; json?: boolean }) => {
      const checkpoints = await withStore(db, (store) => {
        store.getSummary(id);
        return store.listCheckpoints(id);
      });
      if (json) printJson(checkpoints.map(({ atMs, ...rest }) => ({ ...rest, at: new Date(atMs).toISOString() })));
      else if (checkpoints.length === 0) print(`Run ${id} has no checkpoints.`);
      else print(describe(checkpoints));
    });

const words: Record<StoredCheckpoint['why'], string> = {
  time: 'kept from time to time',
  best: 'best epoch',
  hand: 'kept by hand',
  back: 'gone back to',
  end: 'end of the run'
};

function describe(checkpoints: readonly StoredCheckpoint[]): string {
  const rows = checkpoints.map(({ number, step, epoch, line, why, seconds, atMs, bytes }) => [
    ...[String(number), formatCount(step), String(epoch), String(line), words[why]],
    ...[formatDuration(seconds), formatMoment(atMs), formatBytes(bytes)]
  ]);
  return table(['checkpoint', 'step', 'epochs', 'branch', 'why', 'training', 'kept', 'size'], rows);
}
