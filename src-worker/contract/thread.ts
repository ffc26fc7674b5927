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
import type { BackendRequest, RunCommand, RunEvent } from './run.ts';
import type { GradcheckRequest, GradcheckResult, VerifyRequest, VerifyResult } from './verify.ts';

/** The first message to the thread: one run. The arrays of `dataset` lie in shared memory where there is such a thing. */
export interface RunMessage {
  type: 'run';
  experiment: Experiment;
  dataset: Dataset;
  backend: BackendRequest;
  /** Compute threads; 0: as many as help. */
  threads: number;
}

export type ToThread = RunMessage | RunCommand;
/** Events in order, at most ten messages a second. The thread ends its last message with the `end` event. */
export type FromThread = RunEvent[];

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
