/** The states of runs. Of those that nobody asked for, only the last and the best are kept. */
import type { Database } from 'better-sqlite3';
import type { Checkpoint, StoredCheckpoint } from '../../src-worker/contract/checkpoint.ts';
import { LabError } from '../../src-worker/contract/errors.ts';

type Row = StoredCheckpoint & { runId: number; state: Uint8Array };

export function checkpointQueries(db: Database) {
  const insert = db.prepare<[Row]>(
    `INSERT OR REPLACE INTO checkpoints (run_id, number, step, epoch, line, changes, why, seconds, at_ms, bytes, state)
     VALUES (@runId, @number, @step, @epoch, @line, @changes, @why, @seconds, @atMs, @bytes, @state)`
  );
  const dropOlder = db.prepare<[number, number, string]>(
    `DELETE FROM checkpoints WHERE run_id = ? AND number < ? AND why IN (SELECT value FROM json_each(?))`
  );
  const ofRun = db.prepare<[number], StoredCheckpoint>(
    `SELECT number, step, epoch, line, changes, why, seconds, at_ms AS atMs, bytes FROM checkpoints WHERE run_id = ? ORDER BY number`
  );
  const pin = db.prepare<[number, number]>(`UPDATE checkpoints SET why = 'hand' WHERE run_id = ? AND number = ?`);
  const state = db
    .prepare<[number, number], Uint8Array>('SELECT state FROM checkpoints WHERE run_id = ? AND number = ?')
    .pluck();

  return {
    save(runId: number, checkpoint: Checkpoint, bytes: Uint8Array, nowMs: number): void {
      const { number, why } = checkpoint;
      insert.run({ ...checkpoint, runId, atMs: nowMs, bytes: bytes.length, state: bytes });
      if (why !== 'hand') dropOlder.run(runId, number, JSON.stringify(why === 'best' ? ['best'] : LAST));
    },
    /** From now on it is kept for good. */
    pin: (runId: number, number: number): void => void pin.run(runId, number),
    ofRun: (runId: number): StoredCheckpoint[] => ofRun.all(runId),
    /** Throws: `checkpoint_not_found`. */
    state(runId: number, number: number): Uint8Array {
      const found = state.get(runId, number);
      if (found) return found;
      const known = ofRun.all(runId).map((one) => one.number);
      const others = known.length > 0 ? `It has ${known.join(', ')}.` : 'It has none.';
      throw new LabError('checkpoint_not_found', `Run ${runId} has no checkpoint ${number}. ${others}`, {
        run: runId,
        checkpoint: number,
        known
      });
    }
  };
}

/** Each takes the place of the others before it. */
const LAST = ['time', 'back', 'end'];
