/**
 * The lab's memory: experiments, runs with everything measured in them, drafts with all their edits, settings. One SQLite file, shared by all hosts on a computer,
 * several of which may be open at once. The only room with SQL; not a judge of what it is given: lab/ checks that.
 */
import type { Database } from 'better-sqlite3';
import type { BlockPart, SaveDraft } from '../../src-worker/contract/drafts.ts';
import { LabError, type FlatError } from '../../src-worker/contract/errors.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import type { Parent } from '../../src-worker/contract/lab-api.ts';
import type { EndStatus, RunEvent, RunStatus } from '../../src-worker/contract/run.ts';
import { openDatabase } from './database.ts';
import { guardQueries, onDatabase } from './errors.ts';
import { isGone, thisProcess } from './owner.ts';
import { recordQueries } from './record.ts';
import { settingQueries } from './settings.ts';
import { workshopQueries } from './workshop.ts';

export type Store = ReturnType<typeof makeStore>;

/** Runs whose process is gone become `interrupted`; the trash is emptied of what is old. Throws: as openDatabase. */
export async function openStore(file: string, clock: () => number = Date.now): Promise<Store> {
  const store = makeStore(await openDatabase(file), file, clock);
  try {
    store.interruptAbandoned();
    store.emptyTrash();
  } catch (error) {
    // A full or busy disk must not keep anybody from reading the history; the next start does both.
    if (!(error instanceof LabError && (error.code === 'disk_full' || error.code === 'database_busy'))) throw error;
  }
  return store;
}

const isOpen = (status: RunStatus): boolean => status === 'running' || status === 'paused';

/** `db`: open, with all its tables. */
export function makeStore(db: Database, file: string, clock: () => number = Date.now) {
  const { runs, experiments, checkpoints, append, note, summary, read } = onDatabase(file, () => recordQueries(db));
  const settings = settingQueries(db);
  const workshop = onDatabase(file, () => workshopQueries(db));

  const inTransaction = <A extends unknown[], R>(work: (...args: A) => R) => {
    const transaction = db.transaction(work);
    return (...args: A): R => transaction.immediate(...args);
  };

  const appendEvents = inTransaction((id: number, events: readonly RunEvent[]) => append(id, events, clock()));

  /** Ends a run from outside: nothing is measured any more. False when it had already ended. */
  const endRun = inTransaction((id: number, status: EndStatus, error: FlatError | null = null): boolean => {
    const state = runs.state(id);
    if (!state || !isOpen(state.status)) return false;
    append(id, [{ type: 'end', status, step: state.stepsDone, test: null, seconds: state.seconds, error }], clock());
    return true;
  });

  /** Makes a run that was cut off this process's own again. Throws: `run_not_found`, `run_not_ended`, `run_already_ended`. */
  const reopenRun = inTransaction((id: number) => {
    const { status } = summary(id);
    if (status === 'completed' || status === 'diverged')
      throw new LabError('run_already_ended', `Run ${id} has ${status}: there is nothing left to do.`, { id, status });
    if (isOpen(status)) throw new LabError('run_not_ended', `Run ${id} is still being trained.`, { id });
    runs.reopen(id, thisProcess);
  });

  const insertCheckpoint = inTransaction((id: number, checkpoint: Checkpoint, state: Uint8Array) => {
    const { status } = summary(id);
    if (!isOpen(status)) throw new LabError('run_already_ended', `Run ${id} has already ended.`, { id });
    checkpoints.save(id, checkpoint, state, clock());
  });
  /** On the disk when it returns, with all that was stored before: a power cut takes at most what came since. */
  const saveCheckpoint = (...given: Parameters<typeof insertCheckpoint>): void => {
    db.pragma('synchronous = FULL');
    try {
      insertCheckpoint(...given);
    } finally {
      db.pragma('synchronous = NORMAL');
    }
  };

  /** The end of such a run is the last time it was heard of. Answers their ids. */
  const abandonedRuns = () => runs.notEnded().filter((run) => isGone(run, run.updatedAtMs, clock()));
  const interruptAll = inTransaction((): number[] => {
    const abandoned = abandonedRuns();
    for (const { id, stepsDone: step, seconds, updatedAtMs } of abandoned)
      append(id, [{ type: 'end', status: 'interrupted', step, test: null, seconds, error: null }], updatedAtMs);
    return abandoned.map(({ id }) => id);
  });
  /** Asked often and with seldom anything to do, so it looks before it takes the write lock. */
  const interruptAbandoned = () => (abandonedRuns().length > 0 ? interruptAll() : []);

  const store = guardQueries(file, {
    createRun: inTransaction((experiment: Experiment, parent: Parent | null = null) => {
      const nowMs = clock();
      const experimentId = experiments.keep(experiment, nowMs);
      return runs.create(experiment, { experimentId, owner: thisProcess, nowMs, parent });
    }),
    reopenRun,
    /** Throws: `run_not_found`, `run_already_ended`. */
    saveCheckpoint,
    listCheckpoints: checkpoints.ofRun,
    getCheckpoint: checkpoints.state,
    pinCheckpoint: checkpoints.pin,
    addNote: inTransaction((id: number, step: number, text: string) => note(id, { step, text }, clock())),
    appendEvents,
    endRun,
    interruptAbandoned,
    listRuns: ({ limit, offset }: { limit: number; offset: number }) => runs.list(limit, offset),
    countRuns: runs.count,
    getSummary: summary,
    getRun: (id: number) => read(id),
    changedSince: runs.changedSince,
    revision: runs.revision,
    /** Changes whenever another connection has written to the file. */
    dataVersion: () => db.pragma('data_version', { simple: true }) as number,
    getSettings: settings.all,
    setSetting: settings.set,
    listDrafts: workshop.list,
    openDraft: db.transaction(workshop.open),
    readEdits: workshop.edits,
    saveDraft: inTransaction((state: SaveDraft) => workshop.save(state, clock())),
    renameDraft: inTransaction((id: string, name: string) => workshop.rename(id, name, clock())),
    copyDraft: inTransaction((copy: { id: string; to: string; name: string }) => workshop.copy(copy, clock())),
    trashDraft: (id: string) => workshop.trash(id, clock()),
    restoreDraft: (id: string) => workshop.trash(id, null),
    dropDraft: workshop.drop,
    deleteDraft: workshop.delete,
    listBlocks: workshop.blocks.list,
    saveBlock: (name: string, part: BlockPart) => workshop.blocks.insert(name, part, clock()),
    renameBlock: workshop.blocks.rename,
    trashBlock: (id: number) => workshop.blocks.trash(id, clock()),
    restoreBlock: (id: number) => workshop.blocks.trash(id, null),
    deleteBlock: workshop.blocks.delete,
    emptyTrash: inTransaction(() => workshop.emptyTrash(clock())),
    close: () => void db.close()
  });
  return {
    ...store,
    file,
    sqliteVersion: onDatabase(file, () => db.prepare('SELECT sqlite_version()').pluck().get() as string)
  };
}
