/** Keeps checkpoints: every so many seconds, of the best epoch, when asked to, and at the end. */
import { isBetter } from '../contract/best.ts';
import { MOST_CHECKPOINT_BYTES, type Checkpoint, type CheckpointReason } from '../contract/checkpoint.ts';
import type { Metrics } from '../contract/run.ts';
import type { Agenda } from './agenda.ts';
import { toBytes, type RunState } from './run-state.ts';
import type { Session } from './session.ts';
import type { Stopwatch } from './stopwatch.ts';

/** A cut-off run loses at most this much, and keeping checkpoints takes at most this share of the time. */
const EVERY_MS = 10_000;
const MOST_SHARE = 0.02;

export interface CheckpointerOptions {
  readonly session: Session;
  readonly agenda: Agenda;
  readonly clock: Stopwatch;
  nowMs(): number;
  save(checkpoint: Checkpoint, state: Uint8Array<ArrayBuffer>): void;
  /** Checkpoints saved before. */
  readonly saved?: number;
}

export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #count: number;
  #savedMs: number;
  #costMs = 0;
  /** What the best epoch so far has measured, and its state where that is not saved yet. */
  #bestMetrics: Metrics | null = null;
  #best: RunState | null = null;
  #bestSavedMs = -Infinity;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#count = options.saved ?? 0;
    this.#savedMs = options.nowMs();
    this.recall();
  }

  /** The session has another past than before. */
  recall(): void {
    this.#best = null;
    this.#bestMetrics = this.#options.session.history.reduce<Metrics | null>(
      (best, epoch) => (isBetter(epoch, best) ? epoch : best),
      null
    );
  }

  /** Answers its number; null where the state is too large to be kept. */
  async take(why: CheckpointReason): Promise<number | null> {
    const startedMs = this.#options.nowMs();
    const number = this.#save(await this.#state(), why);
    this.#savedMs = this.#options.nowMs();
    this.#costMs = this.#savedMs - startedMs;
    return number;
  }

  /** Between two steps: when the last one is long ago. */
  async takeNowAndThen(): Promise<void> {
    const nowMs = this.#options.nowMs();
    const isTime = (sinceMs: number) => nowMs - sinceMs >= Math.max(EVERY_MS, this.#costMs / MOST_SHARE);
    if (this.#best && isTime(this.#bestSavedMs)) this.#saveBest();
    if (isTime(this.#savedMs)) await this.take('time');
  }

  /** After an epoch, which is the last of the session's history. */
  async observe(epoch: Metrics): Promise<void> {
    if (!isBetter(epoch, this.#bestMetrics)) return;
    this.#bestMetrics = epoch;
    this.#best = await this.#state();
  }

  /** At the end: what a run goes on from, and the best epoch where that is another. */
  async finish(): Promise<void> {
    if (this.#best && this.#best.place.step !== this.#options.session.place.step) this.#saveBest();
    await this.take('end');
  }

  #state(): Promise<RunState> {
    const { session, agenda, clock } = this.#options;
    return session.snapshot(clock.seconds(), agenda.planned);
  }

  #saveBest(): void {
    if (this.#best) this.#save(this.#best, 'best');
    this.#best = null;
    this.#bestSavedMs = this.#options.nowMs();
  }

  #save(state: RunState, why: CheckpointReason): number | null {
    const bytes = toBytes(state);
    if (bytes.length > MOST_CHECKPOINT_BYTES) return null;
    const { step, epoch, line } = state.place;
    const { seconds, changes } = state;
    this.#count += 1;
    const about = { step, epoch: epoch - 1, line, changes: changes.length, why, seconds };
    this.#options.save({ number: this.#count, ...about }, bytes);
    return this.#count;
  }
}
