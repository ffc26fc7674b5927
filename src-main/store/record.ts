/** Writes a run's events and reads them back: the same events in the same order, neighbouring steps merged into longer lists. */
import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { LabError } from '../../src-worker/contract/errors.ts';
import type { RunRecord, RunSummary } from '../../src-worker/contract/lab-api.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';
import { epochMetricQueries } from './epoch-metrics.ts';
import { eventQueries } from './events.ts';
import { experimentQueries } from './experiments.ts';
import { runQueries } from './runs.ts';
import { stepMetricQueries } from './step-metrics.ts';

export function recordQueries(db: Database) {
  const runs = runQueries(db);
  const experiments = experimentQueries(db);
  const epochs = epochMetricQueries(db);
  const steps = stepMetricQueries(db);
  const events = eventQueries(db);

  /** Stores one event and keeps the run's summary; answers how many places of the sequence it took. */
  function keep(event: RunEvent, runId: number, seq: number, nowMs: number): number {
    if (event.type === 'steps') return event.loss.length === 0 ? 0 : steps.append(event, runId, seq);
    if (event.type === 'epoch') {
      epochs.insert(event, runId, seq);
      runs.measure(runId, event);
      return 1;
    }
    events.insert(event, runId, seq, nowMs);
    if (event.type === 'start') runs.start(runId, event);
    else if (event.type === 'end') runs.end(runId, event, nowMs);
    else if (event.type === 'backend') runs.moveTo(runId, event);
    else runs.setStatus(runId, event.type === 'pause' ? 'paused' : 'running');
    return 1;
  }

  /**
   * All events or none, and once: the very batch that was appended last, sent again, changes nothing.
   * Throws: `run_not_found`, `run_already_ended`, so a late worker cannot rewrite history.
   */
  function append(runId: number, batch: readonly RunEvent[], nowMs: number): void {
    const state = runs.state(runId);
    if (!state) throw noRun(runId);
    const lastBatch = createHash('sha256').update(JSON.stringify(batch)).digest();
    if (batch.length === 0 || state.lastBatch?.equals(lastBatch)) return;
    let { nextSeq, stepsDone, seconds } = state;
    let hasEnded = state.status !== 'running' && state.status !== 'paused';
    for (const event of batch) {
      if (hasEnded)
        throw new LabError('run_already_ended', `Run ${runId} has already ended; what came later is not kept.`, {
          id: runId
        });
      nextSeq += keep(event, runId, nextSeq, nowMs);
      hasEnded = event.type === 'end';
      if ('seconds' in event) seconds = Math.max(seconds, event.seconds);
      stepsDone = Math.max(stepsDone, stepAfter(event));
    }
    runs.touch(runId, { nextSeq, lastBatch, stepsDone, seconds, nowMs });
  }

  /** Throws: `run_not_found`. */
  function summary(runId: number): RunSummary {
    const found = runs.find(runId);
    if (!found) throw noRun(runId);
    return found;
  }

  /** Throws: `run_not_found`. */
  function read(runId: number): RunRecord {
    const found = summary(runId);
    const sequenced = [...events.ofRun(runId), ...epochs.ofRun(runId), ...steps.ofRun(runId)];
    sequenced.sort((a, b) => a.seq - b.seq);
    return { summary: found, experiment: experiments.ofRun(runId), events: sequenced.map(({ event }) => event) };
  }

  return { runs, experiments, append, summary, read: db.transaction(read) };
}

const noRun = (id: number) => new LabError('run_not_found', `There is no run ${id}. “caviar runs” lists them.`, { id });

function stepAfter(event: RunEvent): number {
  if (event.type === 'start') return 0;
  return event.type === 'steps' ? event.from + event.loss.length - 1 : event.step;
}
