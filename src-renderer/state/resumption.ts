/** What a run needs to begin with a checkpoint: its own, to go on, or another run's. */
import type { StoredCheckpoint } from '../../src-worker/contract/checkpoint.ts';
import { resumption } from '../../src-worker/contract/retrace.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';
import { fetchCheckpoint } from '../client/checkpoints.ts';
import { lab } from './lab.svelte.ts';
import type { Resumption } from './live-run.svelte.ts';

/** Throws: `checkpoint_not_found`, where a fork lost what it began with. */
export const resumptionOf = async (id: number, events: readonly RunEvent[]) =>
  resumption({ id, events, checkpoints: await lab.api.listCheckpoints(id), read: fetchCheckpoint });

/** Throws: `checkpoint_not_found`. */
export async function forkFrom(run: number, { number, step }: StoredCheckpoint): Promise<Resumption> {
  const state = await fetchCheckpoint(run, number);
  return { begin: { state, isOwn: false, checkpoints: 0, resume: null, from: { run, checkpoint: number, step } } };
}
