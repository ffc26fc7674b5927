import type { Database } from 'better-sqlite3';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { RunSummary } from '../../src-worker/contract/lab-api.ts';
import type { EndEvent, EpochEvent, RunStatus, StartEvent } from '../../src-worker/contract/run.ts';
import type { Owner } from './owner.ts';
import { finite } from './sequenced.ts';
import { summaryColumns, summaryOf, type SummaryRow } from './summary.ts';

/** What an append must know of its run. */
export interface RunState extends Owner {
  status: RunStatus;
  nextSeq: number;
  lastBatch: Buffer | null;
  stepsDone: number;
  seconds: number;
  updatedAtMs: number;
}

/** Where a run stands after an append. */
type Reached = Pick<RunState, 'nextSeq' | 'lastBatch' | 'stepsDone' | 'seconds'> & { nowMs: number };

const stateColumns = `status, next_seq AS nextSeq, last_batch AS lastBatch, steps_done AS stepsDone, seconds, updated_at_ms AS updatedAtMs,
  owner_pid AS ownerPid, owner_token AS ownerToken`;
/** Every change of a run takes the next revision of the table. */
const nextRevision = '(SELECT coalesce(max(revision), 0) + 1 FROM runs)';

export function runQueries(db: Database) {
  const list = db.prepare<[number, number], SummaryRow>(
    `SELECT ${summaryColumns} FROM runs ORDER BY id DESC LIMIT ? OFFSET ?`
  );
  const one = db.prepare<[number], SummaryRow>(`SELECT ${summaryColumns} FROM runs WHERE id = ?`);
  const count = db.prepare<[], number>('SELECT count(*) FROM runs').pluck();
  const state = db.prepare<[number], RunState>(`SELECT ${stateColumns} FROM runs WHERE id = ?`);
  const notEnded = db.prepare<[], RunState & { id: number }>(
    `SELECT id, ${stateColumns} FROM runs WHERE status IN ('running', 'paused') ORDER BY id`
  );
  const changed = db.prepare<[number], [number, number]>(
    'SELECT id, revision FROM runs WHERE revision > ? ORDER BY revision'
  );
  const revision = db.prepare<[], number>('SELECT coalesce(max(revision), 0) FROM runs').pluck();
  for (const rows of [list, one, changed]) rows.raw();

  return {
    list: (limit: number, offset: number): RunSummary[] => list.all(limit, offset).map(summaryOf),
    count: (): number => count.get()!,
    find(id: number): RunSummary | undefined {
      const row = one.get(id);
      return row && summaryOf(row);
    },
    state: (id: number): RunState | undefined => state.get(id),
    notEnded: () => notEnded.all(),
    revision: (): number => revision.get()!,
    /** Ids of the runs created or changed after `since`, oldest change first, and the revision reached. */
    changedSince(since: number): { ids: number[]; revision: number } {
      const rows = changed.all(since);
      return { ids: rows.map(([id]) => id), revision: rows.at(-1)?.[1] ?? since };
    },
    ...runChanges(db)
  };
}

/** The changes of one run; `touch` closes each append. */
function runChanges(db: Database) {
  const insert = db
    .prepare<[object], number>(
      `INSERT INTO runs (experiment_id, owner_pid, owner_token, revision, updated_at_ms, status, name, dataset, optimizer,
       learning_rate, started_at_ms, epochs)
     VALUES (@experimentId, @ownerPid, @ownerToken, ${nextRevision}, @nowMs, 'running', @name, @dataset, @optimizer,
       @learningRate, @nowMs, @epochs) RETURNING id`
    )
    .pluck();
  const touch = db.prepare<[object]>(
    `UPDATE runs SET revision = ${nextRevision}, next_seq = @nextSeq, last_batch = @lastBatch, steps_done = max(steps_done, @stepsDone),
       seconds = max(seconds, @seconds), updated_at_ms = @nowMs WHERE id = @id`
  );
  const status = db.prepare<[RunStatus, number]>('UPDATE runs SET status = ? WHERE id = ?');
  const start = db.prepare<[object]>(
    'UPDATE runs SET backend = @backend, parameters = @parameters, epochs = @epochs WHERE id = @id'
  );
  const last = db.prepare<[object]>(
    `UPDATE runs SET epochs_done = @epoch, last_train_loss = @trainLoss, last_train_accuracy = @trainAccuracy,
       last_has_dev = @hasDev, last_dev_loss = @devLoss, last_dev_accuracy = @devAccuracy WHERE id = @id`
  );
  const best = db.prepare<[object]>(
    `UPDATE runs SET best_epoch = @epoch, best_train_loss = @trainLoss, best_train_accuracy = @trainAccuracy,
       best_has_dev = @hasDev, best_dev_loss = @devLoss, best_dev_accuracy = @devAccuracy
     WHERE id = @id AND coalesce(@devAccuracy, @trainAccuracy)
       > coalesce(best_dev_accuracy, best_train_accuracy, -1)`
  );
  const end = db.prepare<[object]>(
    `UPDATE runs SET status = @status, ended_at_ms = @endedAtMs, has_test = @hasTest, test_loss = @testLoss,
       test_accuracy = @testAccuracy WHERE id = @id`
  );
  return {
    create({ name, data, training }: Experiment, experimentId: number, owner: Owner, nowMs: number): number {
      const { kind, learningRate } = training.optimizer;
      const id = insert.get({
        ...{ experimentId, ...owner, nowMs, name, dataset: data.dataset, optimizer: kind, epochs: training.epochs },
        learningRate: typeof learningRate === 'number' ? learningRate : null
      });
      return id!;
    },
    touch: (id: number, reached: Reached): void => void touch.run({ id, ...reached }),
    setStatus: (id: number, value: RunStatus): void => void status.run(value, id),
    start: (id: number, { backend, parameters, epochs }: StartEvent): void =>
      void start.run({ id, backend, parameters, epochs }),
    measure(id: number, { epoch, train, dev }: EpochEvent): void {
      const row = {
        ...{ id, epoch, trainLoss: finite(train.loss), trainAccuracy: finite(train.accuracy), hasDev: dev ? 1 : 0 },
        ...{ devLoss: finite(dev?.loss ?? null), devAccuracy: finite(dev?.accuracy ?? null) }
      };
      last.run(row);
      best.run(row);
    },
    end: (id: number, { status, test }: EndEvent, endedAtMs: number): void =>
      void end.run({
        ...{ id, status, endedAtMs, hasTest: test ? 1 : 0 },
        ...{ testLoss: finite(test?.loss ?? null), testAccuracy: finite(test?.accuracy ?? null) }
      })
  };
}
