import type { Database } from 'better-sqlite3';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { Parent, RunSummary } from '../../src-worker/contract/lab-api.ts';
import type {
  BackEvent,
  BackendEvent,
  EndEvent,
  EpochEvent,
  RunStatus,
  StartEvent
} from '../../src-worker/contract/run.ts';
import type { Owner } from './owner.ts';
import { columnsOf } from './metric-columns.ts';
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

interface NewRun {
  readonly experimentId: number;
  readonly owner: Owner;
  readonly nowMs: number;
  readonly parent: Parent | null;
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
       learning_rate, started_at_ms, epochs, parent_run_id, parent_checkpoint)
     VALUES (@experimentId, @ownerPid, @ownerToken, ${nextRevision}, @nowMs, 'running', @name, @dataset, @optimizer,
       @learningRate, @nowMs, @epochs, @parentRun, @parentCheckpoint) RETURNING id`
    )
    .pluck();
  const touch = db.prepare<[object]>(
    `UPDATE runs SET revision = ${nextRevision}, next_seq = @nextSeq, last_batch = @lastBatch, steps_done = @stepsDone,
       seconds = max(seconds, @seconds), updated_at_ms = @nowMs WHERE id = @id`
  );
  const status = db.prepare<[RunStatus, number]>('UPDATE runs SET status = ? WHERE id = ?');
  const start = db.prepare<[object]>(
    'UPDATE runs SET backend = @backend, parameters = @parameters, epochs = @epochs WHERE id = @id'
  );
  const move = db.prepare<[string, number]>('UPDATE runs SET backend = ? WHERE id = ?');
  const last = db.prepare<[object]>(
    `UPDATE runs SET epochs_done = @epoch, last_train_loss = @trainLoss, last_train_accuracy = @trainAccuracy,
       last_train_more = @trainMore, last_has_dev = @hasDev, last_dev_loss = @devLoss, last_dev_accuracy = @devAccuracy,
       last_dev_more = @devMore WHERE id = @id`
  );
  // Where nothing is right or wrong, the lowest loss is the best.
  const best = db.prepare<[object]>(
    `UPDATE runs SET best_epoch = @epoch, best_train_loss = @trainLoss, best_train_accuracy = @trainAccuracy,
       best_train_more = @trainMore, best_has_dev = @hasDev, best_dev_loss = @devLoss, best_dev_accuracy = @devAccuracy,
       best_dev_more = @devMore
     WHERE id = @id AND CASE WHEN coalesce(@devAccuracy, @trainAccuracy) IS NULL
       THEN best_dev_accuracy IS NULL AND best_train_accuracy IS NULL
         AND coalesce(@devLoss, @trainLoss) < coalesce(best_dev_loss, best_train_loss, 9e999)
       ELSE coalesce(@devAccuracy, @trainAccuracy) > coalesce(best_dev_accuracy, best_train_accuracy, -1) END`
  );
  const epochs = db.prepare<[number, number]>('UPDATE runs SET epochs = ? WHERE id = ?');
  const back = db.prepare<[object]>(
    `UPDATE runs SET epochs_done = @epoch, epochs = coalesce(@epochs,
       (SELECT json_extract(spec, '$.training.epochs') FROM experiments WHERE experiments.id = experiment_id)) WHERE id = @id`
  );
  const reopen = db.prepare<[Owner & { id: number }]>(
    `UPDATE runs SET status = 'running', ended_at_ms = NULL, owner_pid = @ownerPid, owner_token = @ownerToken WHERE id = @id`
  );
  const end = db.prepare<[object]>(
    `UPDATE runs SET status = @status, ended_at_ms = @endedAtMs, has_test = @hasTest, test_loss = @testLoss,
       test_accuracy = @testAccuracy, test_more = @testMore WHERE id = @id`
  );
  return {
    create({ name, data, training }: Experiment, { experimentId, owner, nowMs, parent }: NewRun): number {
      const { kind, learningRate } = training.optimizer;
      const id = insert.get({
        ...{ experimentId, ...owner, nowMs, name, dataset: data.dataset, optimizer: kind, epochs: training.epochs },
        learningRate: typeof learningRate === 'number' ? learningRate : null,
        ...{ parentRun: parent?.run ?? null, parentCheckpoint: parent?.checkpoint ?? null }
      });
      return id!;
    },
    touch: (id: number, reached: Reached): void => void touch.run({ id, ...reached }),
    setStatus: (id: number, value: RunStatus): void => void status.run(value, id),
    start: (id: number, { backend, parameters, epochs }: StartEvent): void =>
      void start.run({ id, backend, parameters, epochs }),
    setEpochs: (id: number, value: number): void => void epochs.run(value, id),
    goBack(id: number, { epoch, changes }: BackEvent): void {
      const epochs = changes.findLast(({ path }) => path === 'training.epochs')?.to ?? null;
      back.run({ id, epoch, epochs });
    },
    /** For this owner. */
    reopen: (id: number, owner: Owner): void => void reopen.run({ id, ...owner }),
    moveTo: (id: number, { backend }: Pick<BackendEvent, 'backend'>): void => void move.run(backend, id),
    measure(id: number, { epoch, train, dev }: EpochEvent): void {
      const [trained, held] = [columnsOf(train), columnsOf(dev)];
      const row = {
        ...{ id, epoch, trainLoss: trained.loss, trainAccuracy: trained.accuracy, trainMore: trained.more },
        ...{ hasDev: dev ? 1 : 0, devLoss: held.loss, devAccuracy: held.accuracy, devMore: held.more }
      };
      last.run(row);
      best.run(row);
    },
    end(id: number, { status, test }: EndEvent, endedAtMs: number): void {
      const { loss, accuracy, more } = columnsOf(test);
      end.run({
        ...{ id, status, endedAtMs, hasTest: test ? 1 : 0 },
        ...{ testLoss: loss, testAccuracy: accuracy, testMore: more }
      });
    }
  };
}
