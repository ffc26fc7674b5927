/** A task: work in a thread that is no run. It asks nothing back, says how far it is, and ends with one result or error. */
import type { BackendHost } from '../backends/backend.ts';
import type { TaskName, TaskProgress, Tasks } from '../contract/thread.ts';

export interface TaskHost extends BackendHost {
  progress(progress: TaskProgress): void;
}

/** Throws: a LabError when it cannot be done; the one who asked gets it. */
export type Task<T extends TaskName> = (request: Tasks[T]['request'], host: TaskHost) => Promise<Tasks[T]['result']>;
