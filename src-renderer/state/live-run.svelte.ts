/** A run that this page trains: its thread, its way to the store, and its picture as it grows. */
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { flattenError, type FlatError, type LabError } from '../../src-worker/contract/errors.ts';
import type { BackendRequest, RunEvent } from '../../src-worker/contract/run.ts';
import { loadDataset } from '../client/datasets.ts';
import { EventLog } from '../client/event-log.ts';
import { startThread, type RunThread } from '../client/run-thread.ts';
import { lab } from './lab.svelte.ts';
import { RunView } from './run-view.svelte.ts';

/** What happens before the first step; `training` from then on. */
export type Phase = 'loading' | 'starting' | 'training' | 'ended';

export interface RunRequest {
  experiment: Experiment;
  backend: BackendRequest;
  threads: number;
}

export class LiveRun extends RunView {
  phase = $state<Phase>('loading');
  /** Why the store stopped taking this run's events; null while all is well. */
  refused = $state<LabError | null>(null);
  /** Paused by the page because too many events wait for the store. */
  held = $state(false);
  /** What the person asked for last; a hold by the page neither changes nor forgets it. */
  private wanted: 'run' | 'pause' = 'run';
  private told: 'resume' | 'pause' = 'resume';
  private thread: RunThread | null = null;
  private cancelled = false;
  private readonly log: EventLog;

  /** `claim`: what `createRun` answered, by which the run stays this page's over a lost connection. */
  constructor(id: number, experiment: Experiment, claim: string) {
    super(id, experiment);
    this.log = new EventLog({
      claim: () => lab.api.claimRun(id, claim),
      append: (events) => lab.api.appendEvents(id, events),
      ready: () => lab.ready(),
      onHold: (hold) => this.hold(hold),
      onRefused: (error) => (this.refused = error)
    });
  }

  async start({ backend, threads }: Omit<RunRequest, 'experiment'>): Promise<void> {
    try {
      const dataset = await loadDataset(this.experiment.data.dataset);
      if (this.cancelled) return;
      this.phase = 'starting';
      this.thread = startThread(
        { experiment: $state.snapshot(this.experiment) as Experiment, dataset, backend, threads },
        (events) => this.receive(events),
        (error) => this.fail(error)
      );
      this.steer();
    } catch (error) {
      this.fail(flattenError(error));
    }
  }

  pause(): void {
    this.wanted = 'pause';
    this.steer();
  }

  /** While the page holds the run, it goes on when the hold is over. */
  resume(): void {
    this.wanted = 'run';
    this.steer();
  }

  /** Keeps everything measured so far. Before the thread exists there is nothing to keep, only an end to record. */
  stop(): void {
    if (this.thread) return this.thread.send({ type: 'stop' });
    this.cancelled = true;
    this.receive([this.endNow('stopped', null)]);
  }

  get isLive(): boolean {
    return this.phase !== 'ended';
  }

  /** After a lost connection: the run is still this page's. */
  claim(): void {
    if (this.isLive) this.log.claim();
  }

  /** Resolves when the store has everything. */
  stored(): Promise<void> {
    return this.log.drained();
  }

  private receive(events: RunEvent[]): void {
    this.fold(events);
    this.log.push(events);
    if (events.some(({ type }) => type === 'end')) this.phase = 'ended';
    else if (events.some(({ type }) => type === 'steps')) this.phase = 'training';
  }

  private fail(error: FlatError): void {
    if (this.isLive) this.receive([this.endNow('failed', error)]);
  }

  private endNow(status: 'stopped' | 'failed', error: FlatError | null): RunEvent {
    const { step, seconds } = this.picture;
    return { type: 'end', status, step, test: null, seconds, error };
  }

  private hold(hold: boolean): void {
    this.held = hold;
    this.steer();
  }

  /** Tells the thread what follows from person and hold together, when that changes. */
  private steer(): void {
    const type = this.held || this.wanted === 'pause' ? 'pause' : 'resume';
    if (!this.thread || type === this.told) return;
    this.told = type;
    this.thread.send({ type });
  }
}
