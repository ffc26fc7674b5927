/**
 * The messages between a thread and whoever started it (page or Node): one run, or one task, whichever its first message names. Types
 * and one test only: neither side's globals are needed here.
 */
import type { BenchRequest, BenchResult } from './bench.ts';
import type { Dataset } from './dataset.ts';
import type { FlatError } from './errors.ts';
import type { Experiment } from './experiment.ts';
import type { InspectRequest, InspectResult } from './inspect.ts';
import type { PreviewRequest, PreviewResult, Sample, SampleRequest, WeightsRequest, WeightsResult } from './preview.ts';
import type { Act, Appointment } from './agenda.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { BackendRequest, RunEvent } from './run.ts';
import type { GradcheckRequest, GradcheckResult, VerifyRequest, VerifyResult } from './verify.ts';

/** The first message to the thread: one run. The arrays of `dataset` lie in shared memory where there is such a thing. */
export interface RunMessage {
  type: 'run';
  experiment: Experiment;
  dataset: Dataset;
  backend: BackendRequest;
  /** Compute threads; 0: as many as help. */
  threads: number;
  /** What is to be done on the way, in any order. */
  agenda?: readonly Appointment[];
  /** What was done to the run of which this is the repetition, in this order. */
  record?: readonly Appointment[];
  /** Where it begins, unless at its first step. */
  begin?: Beginning;
  /** Whether it sends checkpoints; by default it does. */
  checkpoints?: boolean;
}

/** Where a run begins that does not begin as a new one. */
export interface Beginning {
  /** The bytes of a checkpoint; null: first weights, for a run that was cut off before it had one. */
  state: Uint8Array | null;
  /** An own state brings the settings of its moment along; another run's goes on with the experiment of the message. */
  isOwn: boolean;
  /** Checkpoints sent before: the next one has the number behind it. */
  checkpoints: number;
  /**
   * What is on record, of a run that was cut off: it goes on as if nothing had happened. What was done behind the state is done again
   * unseen, with the `record` of the message.
   */
  resume: { steps: number; epochs: number; line: number } | null;
  /** The run that the state is of, where that is another. */
  from?: { run: number; checkpoint: number; step: number };
}

/**
 * `resume` ends a pause. `step` trains one mini-batch and pauses; `until` trains to the end of an epoch and pauses. `act` is done at once;
 * one that goes back brings along the bytes of the checkpoint.
 */
export type RunCommand =
  | { type: 'pause' | 'resume' | 'stop' | 'step' }
  | { type: 'until'; epoch: number }
  | { type: 'act'; act: Act; state?: Uint8Array };

export type ToThread = RunMessage | RunCommand;
/**
 * Events in order, at most ten messages a second; the `end` event is the very last. A checkpoint comes behind all events from before it;
 * its bytes are handed over, not copied.
 */
export type FromThread =
  | { type: 'events'; events: RunEvent[] }
  | { type: 'checkpoint'; checkpoint: Checkpoint; state: Uint8Array<ArrayBuffer> };
/** What is given away with a message instead of being copied. */
export const handedOver = (message: FromThread): ArrayBuffer[] =>
  message.type === 'checkpoint' ? [message.state.buffer] : [];

/** Work for a thread that is no run: what it is asked and what it answers. A new one is a line here and one in tasks/table.ts. */
export interface Tasks {
  bench: { request: BenchRequest; result: BenchResult };
  inspect: { request: InspectRequest; result: InspectResult };
  verify: { request: VerifyRequest; result: VerifyResult };
  sample: { request: SampleRequest; result: Sample };
  preview: { request: PreviewRequest; result: PreviewResult };
  weights: { request: WeightsRequest; result: WeightsResult };
  gradcheck: { request: GradcheckRequest; result: GradcheckResult };
}
export type TaskName = keyof Tasks;

/** Ending the thread ends the task. A thread may be given another task when it has answered. */
export interface TaskMessage<T extends TaskName = TaskName> {
  type: 'task';
  task: T;
  request: Tasks[T]['request'];
}
export const isTaskMessage = (message: unknown): message is TaskMessage =>
  (message as { type?: unknown } | null)?.type === 'task';

/** How far a task is. */
export interface TaskProgress {
  /** 0 … 1. */
  share: number;
  /** What it does at the moment, for people. */
  what: string;
}
/** Any number of `progress`, then one of the other two. */
export type FromTask<T extends TaskName = TaskName> =
  | { type: 'progress'; progress: TaskProgress }
  | { type: 'result'; result: Tasks[T]['result'] }
  | { type: 'failed'; error: FlatError };
