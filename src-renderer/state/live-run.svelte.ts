/** A run that this page trains: its thread, its way to the store, and its picture as it grows. */
import type { Act, ChangeAct } from '../../src-worker/contract/agenda.ts';
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { flattenError, type FlatError, type LabError } from '../../src-worker/contract/errors.ts';
import type { Parent } from '../../src-worker/contract/lab-api.ts';
import type { BackendRequest, RunEvent } from '../../src-worker/contract/run.ts';
import type { RunCommand, RunMessage } from '../../src-worker/contract/thread.ts';
import { fetchCheckpoint, sendCheckpoint } from '../client/checkpoints.ts';
import { loadDataset } from '../client/datasets.ts';
import { EventLog } from '../client/event-log.ts';
import { startThread, type RunThread } from '../client/run-thread.ts';
import { lab } from './lab.svelte.ts';
import type { RunPicture } from './run-picture.ts';
import { RunView } from './run-view.svelte.ts';

/** What happens before the first step; `training` from then on. */
export type Phase = 'loading' | 'starting' | 'training' | 'ended';

export interface RunRequest {
  experiment: Experiment;
  backend: BackendRequest;
  threads: number;
  parent?: Parent;
}

/** Of a run that goes on, or begins with another's state. */
export type Resumption = Partial<Pick<RunMessage, 'begin' | 'record'>>;

type Json = ChangeAct['value'];

export class LiveRun extends RunView {
  phase = $state<Phase>('loading');
  /** Why the store stopped taking this run's events; null while all is well. */
  refused = $state<LabError | null>(null);
  /** Rises with each checkpoint that the run has taken. */
  checkpoints = $state(0);
  /** Paused by the page because too many events wait for the store. */
  held = $state(false);
  /** What the person asked for last; a hold by the page neither changes nor forgets it. */
  private wanted: 'run' | 'pause' = 'run';
  private told: 'resume' | 'pause' = 'resume';
  private thread: RunThread | null = null;
  private cancelled = false;
  private readonly log: EventLog;

  /** `claim`: what `createRun` answered, by which the run stays this page's over a lost connection. */
  constructor(id: number, experiment: Experiment, claim: string, picture?: RunPicture) {
    super(id, experiment, picture);
    let own = claim;
    this.log = new EventLog({
      claim: () => lab.api.claimRun(id, own),
      append: (events) => lab.api.appendEvents(id, events),
      save: (checkpoint, state) => sendCheckpoint(id, own, checkpoint, state),
      reopen: async () => {
        const { claim: other, ...reached } = await lab.api.reopenRun(id);
        own = other;
        return { ...reached, event: this.goesOn(reached.steps) };
      },
      ready: () => lab.ready(),
      onHold: (hold) => this.hold(hold),
      onRefused: (error) => (this.refused = error)
    });
  }

  /** `more`: what the thread is told besides, for a run that does not begin with its first step. */
  async start({ backend, threads }: Omit<RunRequest, 'experiment'>, more: Resumption = {}): Promise<void> {
    try {
      const dataset = await loadDataset(this.experiment.data.dataset);
      if (this.cancelled) return;
      this.phase = 'starting';
      this.thread = startThread(
        { experiment: $state.snapshot(this.experiment) as Experiment, dataset, backend, threads, ...more },
        {
          onEvents: (events) => this.receive(events),
          onCheckpoint: (checkpoint, state) => this.keep(checkpoint, state),
          onCrash: (error) => this.fail(error)
        }
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

  /** Trains one mini-batch and pauses. */
  step(): void {
    this.go({ type: 'step' });
  }

  /** Trains to the end of an epoch and pauses. */
  until(epoch: number): void {
    this.go({ type: 'until', epoch });
  }

  /** From the next mini-batch or epoch on; see graph/live-settings.ts. What cannot be is told by the run's events. */
  change(path: string, value: Json): void {
    this.act({ kind: 'change', path, value });
  }

  checkpoint(): void {
    this.act({ kind: 'checkpoint' });
  }

  /** Goes on from a checkpoint of this run. Throws: as fetchCheckpoint. */
  async goBack({ number, step, line }: Pick<Checkpoint, 'number' | 'step' | 'line'>): Promise<void> {
    await this.log.drained();
    const state = await fetchCheckpoint(this.id, number);
    this.act({ kind: 'back', to: step, line, checkpoint: number }, state);
  }

  private act(act: Act, state?: Uint8Array): void {
    this.thread?.send({ type: 'act', act, ...(state && { state }) });
  }

  /** The run pauses by itself at the end of it. */
  private go(command: RunCommand): void {
    if (!this.thread || this.held) return;
    this.wanted = 'pause';
    this.told = 'pause';
    this.thread.send(command);
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

  /** The store took the run for cut off: its host had ended. */
  private goesOn(step: number): RunEvent {
    const { backend, detail, threads } = this.picture.machine!;
    const event: RunEvent = { type: 'reopen', step, backend, detail, threads };
    this.fold([event]);
    return event;
  }

  private receive(events: RunEvent[]): void {
    this.fold(events);
    this.log.push(events);
    if (events.some(({ type }) => type === 'end')) this.phase = 'ended';
    else if (events.some(({ type }) => type === 'steps')) this.phase = 'training';
  }

  private keep(checkpoint: Checkpoint, state: Uint8Array<ArrayBuffer>): void {
    this.log.keep(checkpoint, state);
    this.checkpoints += 1;
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
