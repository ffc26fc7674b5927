import type { Database } from 'better-sqlite3';
import type { StepsEvent } from '../../src-worker/contract/run.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { decodeSeries, encodeSeries } from './series.ts';
import type { Sequenced } from './sequenced.ts';

/** Only the last block of a run is ever rewritten, and only until it is this long: history stays as it was written. */
export const BLOCK_STEPS = 1024;

interface BlockRow {
  seq: number;
  firstStep: number;
  steps: number;
  seconds: number;
  loss: Uint8Array;
  accuracy: Uint8Array;
}

export function stepMetricQueries(db: Database) {
  const write = db.prepare<[BlockRow & { runId: number }]>(
    'INSERT OR REPLACE INTO step_metrics VALUES (@runId, @seq, @firstStep, @steps, @seconds, @loss, @accuracy)'
  );
  const columns = 'seq, first_step AS firstStep, steps, seconds, loss, accuracy';
  const at = db.prepare<[number, number], BlockRow>(`SELECT ${columns} FROM step_metrics WHERE run_id = ? AND seq = ?`);
  const ofRun = db.prepare<[number], BlockRow>(`SELECT ${columns} FROM step_metrics WHERE run_id = ? ORDER BY seq`);

  return {
    /** Answers how many places it took in the sequence: none when the steps joined the block just before `seq`. */
    append(event: StepsEvent, runId: number, seq: number): 0 | 1 {
      checkLengths(event);
      const last = at.get(runId, seq - 1);
      const joins = last && last.firstStep + last.steps === event.from && last.steps + event.loss.length <= BLOCK_STEPS;
      const block = joins ? join(eventOf(last), event) : event;
      write.run({ runId, seq: joins ? last.seq : seq, ...rowOf(block) });
      return joins ? 0 : 1;
    },
    ofRun: (runId: number): Sequenced[] => ofRun.all(runId).map((row) => ({ seq: row.seq, event: eventOf(row) }))
  };
}

const join = (first: StepsEvent, next: StepsEvent): StepsEvent => ({
  type: 'steps',
  from: first.from,
  loss: [...first.loss, ...next.loss],
  accuracy: [...first.accuracy, ...next.accuracy],
  seconds: next.seconds
});

const rowOf = ({ from, loss, accuracy, seconds }: StepsEvent) => ({
  firstStep: from,
  steps: loss.length,
  seconds,
  loss: encodeSeries(loss),
  accuracy: encodeSeries(accuracy)
});

const eventOf = (row: BlockRow): StepsEvent => ({
  type: 'steps',
  from: row.firstStep,
  loss: decodeSeries(row.loss),
  accuracy: decodeSeries(row.accuracy),
  seconds: row.seconds
});

function checkLengths({ from, loss, accuracy }: StepsEvent): void {
  if (loss.length !== accuracy.length)
    throw new LabError(
      'bad_request',
      `The steps from ${from} have ${loss.length} losses but ${accuracy.length} accuracies.`,
      {
        from,
        losses: loss.length,
        accuracies: accuracy.length
      }
    );
}
