/**
 * What the record of a run says about doing it again: from its last checkpoint, where it was cut off, or from its first step.
 *
 * Not the run itself: see train/start-run.ts.
 */
import type { Appointment } from './agenda.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Experiment } from './experiment.ts';
import { setPath } from './paths.ts';
import type { BackendName, RunEvent, Setting } from './run.ts';
import type { RunMessage } from './thread.ts';

/** One branch of a run's curve: the first, or one behind each time it went back. */
export interface Branch {
  /** Steps and epochs on record, from the first step of the run on. */
  steps: number;
  epochs: number;
  /** Changes in force, in their order. */
  changes: Setting[];
}

export function branchesOf(events: readonly RunEvent[]): [Branch, ...Branch[]] {
  const branches: [Branch, ...Branch[]] = [{ steps: 0, epochs: 0, changes: [] }];
  for (const event of events) {
    const now = branches.at(-1)!;
    if (event.type === 'start' && event.from) now.steps = event.from.step;
    if (event.type === 'steps') now.steps = event.from + event.loss.length - 1;
    if (event.type === 'epoch') now.epochs = event.epoch;
    if (event.type === 'change') now.changes.push({ step: event.step, path: event.path, to: event.to });
    if (event.type === 'back') branches.push({ steps: event.to, epochs: event.epoch, changes: [...event.changes] });
  }
  return branches;
}

const appointmentOf = ({ step, path, to }: Setting): Appointment => {
  return { step: step - 1, act: { kind: 'change', path, value: to } };
};

/** What is known of a run that is to go on. */
export interface CutOff {
  readonly id: number;
  readonly events: readonly RunEvent[];
  readonly checkpoints: readonly Checkpoint[];
  /** The bytes of a checkpoint. */
  read(run: number, checkpoint: number): Promise<Uint8Array>;
}

/**
 * What the thread is told of a run that goes on: nothing that was measured is measured anew. Where no checkpoint is left it begins with
 * its first step, or with the state with which a fork began. Throws: as `read`.
 */
export async function resumption(run: CutOff): Promise<Pick<RunMessage, 'backend' | 'begin' | 'record'>> {
  const { id, events, checkpoints, read } = run;
  const backend = backendIn(events);
  const start = events.find((event) => event.type === 'start');
  if (!start) return { backend };
  const branches = branchesOf(events);
  const line = branches.length - 1;
  const { steps, epochs, changes } = branches.at(-1)!;
  const latest = latestOf(run, line, steps);
  const saved = checkpoints.reduce((most, { number }) => Math.max(most, number), 0);
  const base = { checkpoints: saved, resume: { steps, epochs, line } };
  if (latest) {
    const begin = { ...base, state: await read(id, latest.number), isOwn: true };
    return { backend, begin, record: changes.slice(latest.changes).map(appointmentOf) };
  }
  const state = start.from ? await read(start.from.run, start.from.checkpoint) : null;
  return { backend, begin: { ...base, state, isOwn: false }, record: actsOf(events) };
}

function latestOf({ events, checkpoints }: CutOff, line: number, steps: number): Checkpoint | undefined {
  const own = checkpoints.filter((checkpoint) => checkpoint.line === line && checkpoint.step <= steps);
  // Cut off in the very moment in which it had gone back.
  const target = events.findLast((event) => event.type === 'back')?.checkpoint;
  const latest = own.toSorted((a, b) => b.step - a.step || b.number - a.number)[0];
  return latest ?? checkpoints.find(({ number }) => number === target);
}

/** The backend that computed last: another one would round otherwise. */
const backendIn = (events: readonly RunEvent[]): BackendName =>
  events.findLast((event) => event.type === 'start' || event.type === 'backend' || event.type === 'reopen')?.backend ??
  'wasm';

/** The settings at a checkpoint. Throws: `invalid_argument` where the record does not fit the experiment. */
export function experimentAt(
  experiment: Experiment,
  events: readonly RunEvent[],
  { line, changes }: Pick<Checkpoint, 'line' | 'changes'>
): Experiment {
  const made = branchesOf(events)[line]?.changes.slice(0, changes) ?? [];
  return made.reduce((changed, { path, to }) => setPath(changed, path, to), experiment);
}

/** Everything that was done to a run, so that it can be done again from its first step. One that was ended early ends at the same step. */
export function recordOf(events: readonly RunEvent[]): Appointment[] {
  const acts = actsOf(events);
  const end = events.findLast((event) => event.type === 'end');
  const isWhole = end?.status === 'completed' || end?.status === 'diverged';
  return isWhole ? acts : [...acts, { step: branchesOf(events).at(-1)!.steps, act: { kind: 'stop' } }];
}

const actsOf = (events: readonly RunEvent[]): Appointment[] =>
  events.flatMap((event): Appointment[] => {
    if (event.type === 'change') return [appointmentOf(event)];
    if (event.type !== 'back') return [];
    const { step, to, line, checkpoint } = event;
    return [{ step, act: { kind: 'back', to, line, checkpoint } }];
  });

/** What of an event is not on record, up to so many steps and epochs of its branch; null where all of it is. */
export function beyond({ steps, epochs }: { steps: number; epochs: number }, event: RunEvent): RunEvent | null {
  if (event.type === 'epoch') return event.epoch > epochs ? event : null;
  if (event.type !== 'steps') return event;
  const known = Math.min(Math.max(0, steps + 1 - event.from), event.loss.length);
  if (known === event.loss.length) return null;
  const { from, loss, accuracy } = event;
  return { ...event, from: from + known, loss: loss.slice(known), accuracy: accuracy.slice(known) };
}
