import type { Database } from 'better-sqlite3';
import type { EpochEvent, RunEvent, StepsEvent } from '../../src-worker/contract/run.ts';
import type { Sequenced } from './sequenced.ts';

/** What happens a few times in a run and is kept as it came; epochs and steps have tables of their own. */
export type RareEvent = Exclude<RunEvent, StepsEvent | EpochEvent>;

interface EventRow {
  seq: number;
  type: RareEvent['type'];
  payload: string;
}

export function eventQueries(db: Database) {
  const insert = db.prepare<[EventRow & { runId: number; atMs: number }]>(
    'INSERT INTO events VALUES (@runId, @seq, @atMs, @type, @payload)'
  );
  const ofRun = db.prepare<[number], EventRow>('SELECT seq, type, payload FROM events WHERE run_id = ? ORDER BY seq');
  return {
    insert({ type, ...payload }: RareEvent, runId: number, seq: number, atMs: number): void {
      // JSON.stringify writes NaN and infinity as null.
      insert.run({ runId, seq, atMs, type, payload: JSON.stringify(payload) });
    },
    ofRun: (runId: number): Sequenced[] =>
      ofRun.all(runId).map(({ seq, type, payload }) => ({
        seq,
        event: { type, ...(JSON.parse(payload) as object) } as RareEvent
      }))
  };
}
