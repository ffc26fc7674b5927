/** Writes a run's events and reads them back: the same events in the same order, neighbouring steps merged into longer lists. */
import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { LabError } from '../../src-worker/contract/errors.ts';
import type { RunRecord, RunSummary } from '../../src-worker/contract/lab-api.ts';
import type { NoteEvent, RunEvent } from '../../src-worker/contract/run.ts';
import { epochMetricQueries } from './epoch-metrics.ts';
import { checkpointQueries } from './checkpoints.ts';
import { eventQueries, type RareEvent } from './events.ts';
import { experimentQueries } from './experiments.ts';
import { runQueries } from './runs.ts';
import { stepMetricQueries } from './step-metrics.ts';

export function recordQueries(db: Database) {
  const runs = runQueries(db);
  const experiments = experimentQueries(db);
  const epochs = epochMetricQueries(db);
  const steps = stepMetricQueries(db);
  const events = eventQueries(db);
  const checkpoints = checkpointQueries(db);

  /** Stores one event and keeps the run's summary; answers how many places of the sequence it took. */
  function keep(event: RunEvent, runId: number, seq: number, nowMs: number): number {
    if (event.type === 'steps') return event.loss.length === 0 ? 0 : steps.append(event, runId, seq);
    if (event.type === 'epoch') {
      epochs.insert(event, runId, seq);
      runs.measure(runId, event);
      return 1;
    }
    events.insert(event, runId, seq, nowMs);
    summarize(event, runId, nowMs);
    return 1;
  }

  function summarize(event: RareEvent, runId: number, nowMs: number): void {
    switch (event.type) {
      case 'start':
        return runs.start(runId, event);
      case 'end':
        return runs.end(runId, event, nowMs);
      case 'backend':
      case 'reopen':
        return runs.moveTo(runId, event);
      case 'pause':
        return runs.setStatus(runId, 'paused');
      case 'resume':
        return runs.setStatus(runId, 'running');
      case 'change':
        if (event.path === 'training.epochs') runs.setEpochs(runId, event.to as number);
        return;
      case 'back':
        return runs.goBack(runId, event);
      case 'refused':
      case 'checkpoint':
      case 'note':
        return;
      default:
        event satisfies never;
    }
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
      stepsDone = event.type === 'back' ? event.to : Math.max(stepsDone, stepAfter(event));
    }
    runs.touch(runId, { nextSeq, lastBatch, stepsDone, seconds, nowMs });
  }

  /** What a person writes down, at any time. Throws: `run_not_found`. */
  function note(runId: number, { step, text }: Pick<NoteEvent, 'step' | 'text'>, nowMs: number): void {
    const state = runs.state(runId);
    if (!state) throw noRun(runId);
    const { nextSeq: seq, stepsDone, seconds, lastBatch } = state;
    events.insert({ type: 'note', step, text }, runId, seq, nowMs);
    runs.touch(runId, { nextSeq: seq + 1, lastBatch, stepsDone, seconds, nowMs });
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

  return { runs, experiments, checkpoints, append, note, summary, read: db.transaction(read) };
}

const noRun = (id: number) => new LabError('run_not_found', `There is no run ${id}. “caviar runs” lists them.`, { id });

function stepAfter(event: RunEvent): number {
  if (event.type === 'start') return event.from?.step ?? 0;
  if (event.type === 'change') return event.step - 1;
  return event.type === 'steps' ? event.from + event.loss.length - 1 : event.step;
}
