/**
 * Carries a run's events and checkpoints to the store: in order, in batches, one call at a time, again after every failure that may pass.
 * While the store cannot be reached they wait here; when too many events wait, `onHold` asks the run to pause until they are gone.
 */
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import type { LabApi } from '../../src-worker/contract/lab-api.ts';
import { LabError, type ErrorCode } from '../../src-worker/contract/errors.ts';
import { beyond } from '../../src-worker/contract/retrace.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';

const BATCH_EVENTS = 1000;
const BATCH_VALUES = 50_000;
/** Step values that may wait: 16 MB of numbers. */
const HOLD_VALUES = 1_000_000;
const RETRY_MS = 1000;
/** Failures that will pass, or that a person can end: the same call is worth another try. */
const passing: readonly ErrorCode[] = ['database_busy', 'disk_full', 'internal'];

export interface EventLogOptions {
  append: (events: RunEvent[]) => ReturnType<LabApi['appendEvents']>;
  save: (checkpoint: Checkpoint, state: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** Makes the run this connection's own, which it must be before anything is appended. */
  claim: () => ReturnType<LabApi['claimRun']>;
  /**
   * The store took the run for cut off, while it has gone on: makes it this connection's own again. Answers what is on record, and the
   * event that says so.
   */
  reopen: () => Promise<{ steps: number; epochs: number; event: RunEvent }>;
  /** Resolves when the store can be asked again. */
  ready: () => Promise<void>;
  onHold: (hold: boolean) => void;
  /** The store refuses this run's events for good: they are dropped from here on. */
  onRefused: (error: LabError) => void;
}

interface Kept {
  readonly type: 'kept';
  readonly checkpoint: Checkpoint;
  readonly state: Uint8Array<ArrayBuffer>;
}
type Item = RunEvent | Kept;

/** One that waits takes the place of another: of those that nobody asked for the store keeps only the last and the best. */
const takesPlaceOf = (one: Checkpoint, other: Checkpoint): boolean =>
  other.why !== 'hand' && (one.why === 'best') === (other.why === 'best') && one.why !== 'hand';

const valuesIn = (event: Item) => (event.type === 'steps' ? event.loss.length : 1);
const isRefusal = (error: unknown, code: ErrorCode): boolean => error instanceof LabError && error.code === code;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export class EventLog {
  private readonly options: EventLogOptions;
  private waiting: Item[] = [];
  private values = 0;
  private held = false;
  private refused = false;
  private claiming = false;
  private sending: Promise<void> | null = null;

  constructor(options: EventLogOptions) {
    this.options = options;
  }

  push(events: readonly RunEvent[]): void {
    if (this.refused) return;
    for (const event of events) {
      this.waiting.push(event);
      this.values += valuesIn(event);
    }
    if (this.values > HOLD_VALUES) this.hold(true);
    this.wake();
  }

  /** Behind the events pushed so far. */
  keep(checkpoint: Checkpoint, state: Uint8Array<ArrayBuffer>): void {
    if (this.refused) return;
    const [first, ...others] = this.waiting;
    const left = others.filter((item) => item.type !== 'kept' || !takesPlaceOf(checkpoint, item.checkpoint));
    // What is first may be on its way.
    this.waiting = [...(first ? [first] : []), ...left, { type: 'kept', checkpoint, state }];
    this.values += 1;
    this.wake();
  }

  /** For every new connection: claims the run before the next events, also when there are none, for a run without a page is given up. */
  claim(): void {
    this.claiming = !this.refused;
    this.wake();
  }

  private wake(): void {
    this.sending ??= this.send().finally(() => (this.sending = null));
  }

  /** Resolves when everything pushed so far is stored or refused. */
  async drained(): Promise<void> {
    while (this.sending) await this.sending;
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0 || this.claiming) {
      const batch = this.nextBatch();
      if (!(await this.deliver(batch))) return this.drop();
      this.waiting.splice(0, batch.length);
      this.values -= batch.reduce((sum, event) => sum + valuesIn(event), 0);
      if (this.values < HOLD_VALUES / 2) this.hold(false);
    }
  }

  /** One checkpoint, or the events before the next one. */
  private nextBatch(): Item[] {
    const [first] = this.waiting;
    if (first?.type === 'kept') return [first];
    const events: RunEvent[] = [];
    let values = 0;
    for (const item of this.waiting) {
      const isFull = events.length === BATCH_EVENTS || (events.length > 0 && values >= BATCH_VALUES);
      if (isFull || item.type === 'kept') break;
      events.push(item);
      values += valuesIn(item);
    }
    return events;
  }

  /** True when stored, false when refused for good. A reply that was lost is asked for again: the store knows repeated events. */
  private async deliver(batch: Item[]): Promise<boolean> {
    let left = batch;
    for (;;) {
      try {
        if (this.claiming) await this.claimFirst();
        await this.hand(left);
        return true;
      } catch (error) {
        // Without a checkpoint the run can still be read.
        if (left[0]?.type === 'kept' && isRefusal(error, 'bad_request')) return true;
        const wasCutOff = isRefusal(error, 'run_already_ended');
        const again = wasCutOff ? await this.reopened(left) : (await this.mayPass(error)) && left;
        if (!again) return false;
        left = again;
      }
    }
  }

  private async hand(batch: readonly Item[]): Promise<void> {
    const events = batch.filter((item) => item.type !== 'kept');
    if (events.length > 0) await this.options.append(events);
    for (const item of batch) if (item.type === 'kept') await this.options.save(item.checkpoint, item.state);
  }

  /** Waits for another try; false, and told, where none would help. */
  private async mayPass(error: unknown): Promise<boolean> {
    if (error instanceof LabError && !passing.includes(error.code)) {
      this.options.onRefused(error);
      return false;
    }
    await wait(RETRY_MS);
    await this.options.ready();
    return true;
  }

  /** What is not on record yet, behind the event that says that the run goes on; false where that is refused for good. */
  private async reopened(batch: Item[]): Promise<Item[] | false> {
    for (;;) {
      try {
        const { event, ...reached } = await this.options.reopen();
        const items = batch.filter(({ type }) => type !== 'reopen'); // the host was killed again before it took that
        return [event, ...items.flatMap((item) => (item.type === 'kept' ? item : (beyond(reached, item) ?? [])))];
      } catch (error) {
        if (!(await this.mayPass(error))) return false;
      }
    }
  }

  /** A connection that comes back during the call claims again. */
  private async claimFirst(): Promise<void> {
    this.claiming = false;
    try {
      await this.options.claim();
    } catch (error) {
      this.claiming = true;
      throw error;
    }
  }

  private drop(): void {
    this.refused = true;
    this.claiming = false;
    this.waiting = [];
    this.values = 0;
    this.hold(false);
  }

  private hold(hold: boolean): void {
    if (hold !== this.held) this.options.onHold((this.held = hold));
  }
}
