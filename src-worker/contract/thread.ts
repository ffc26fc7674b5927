/** The messages between a run's thread and whoever started it (page or Node). Types only: neither side's globals are needed here. */
import type { Dataset } from './dataset.ts';
import type { Experiment } from './experiment.ts';
import type { BackendRequest, RunCommand, RunEvent } from './run.ts';

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
