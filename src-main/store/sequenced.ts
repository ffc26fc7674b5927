import type { RunEvent } from '../../src-worker/contract/run.ts';

/** An event with its place in its run. */
export interface Sequenced {
  seq: number;
  event: RunEvent;
}

/** NaN and infinity never reach SQLite. */
export const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;
