import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../../src-main/store/store.ts';
import { holdRun } from '../../support/held-run.ts';
import { presetExperiment } from '../../support/presets.ts';
import { epochEvent, startEvent, stepsEvent } from '../../support/run-events.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const reopen = async (file: string) => {
  const store = await openStore(file);
  onTestFinished(() => store.close());
  return store;
};

describe('a run whose process was killed', () => {
  it('is found interrupted at the next start, with its curve up to the kill', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const { id, kill } = await holdRun(file);
    await kill();
    const store = await reopen(file);
    const { summary, events } = store.getRun(id);
    expect(summary).toMatchObject({ status: 'interrupted', epochsDone: 1, last: { train: { loss: 1 } } });
    expect(summary.endedAtMs).toBeGreaterThanOrEqual(summary.startedAtMs);
    expect(events).toEqual([
      ...[startEvent, stepsEvent(1, [0.9, 0.8, 0.7, 0.6]), epochEvent(1, 0.5), stepsEvent(5, [0.5])],
      { type: 'end', status: 'interrupted', step: 5, test: null, seconds: 2, error: null }
    ]);
  });

  it('is noticed by a store that is open already', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const store = await reopen(file);
    const { id, kill } = await holdRun(file);
    expect(store.interruptAbandoned()).toEqual([]);
    await kill();
    expect(store.interruptAbandoned()).toEqual([id]);
  });
});

describe('a run of a process that lives', () => {
  it('is left alone when another process opens the database', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const { id } = await holdRun(file);
    const store = await reopen(file);
    expect(store.getSummary(id).status).toBe('running');
  });

  it('is left alone when the same process opens the database again', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const id = (await reopen(file)).createRun(presetExperiment('xor'));
    expect((await reopen(file)).getSummary(id).status).toBe('running');
  });

  const pretend = (file: string, changes: string) => {
    const db = new Sqlite(file);
    db.exec(`UPDATE runs SET ${changes}`);
    db.close();
  };

  it('is told from a dead one with the same process number, as containers give it', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const id = (await reopen(file)).createRun(presetExperiment('xor'));
    pretend(file, `owner_token = 'of an earlier start'`);
    expect((await reopen(file)).getSummary(id).status).toBe('interrupted');
  });

  it('is told from a dead one whose number went to another process after a restart of the computer', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const id = (await reopen(file)).createRun(presetExperiment('xor'));
    pretend(file, `owner_token = 'before the restart', owner_pid = ${process.ppid}`);
    expect((await reopen(file)).getSummary(id).status).toBe('running');
    pretend(file, 'updated_at_ms = 0');
    expect((await reopen(file)).getSummary(id).status).toBe('interrupted');
  });
});
