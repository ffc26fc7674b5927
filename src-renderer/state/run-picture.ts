/**
 * What the page shows of a run, folded from its events. A live run and one read back from the store go through the same fold, so both
 * give the same picture.
 */
import { isBetter, judged } from '../../src-worker/contract/best.ts';
import type {
  BackendEvent,
  BackEvent,
  EndEvent,
  EpochEvent,
  ReopenEvent,
  RunEvent,
  RunStatus,
  Setting,
  StartEvent
} from '../../src-worker/contract/run.ts';
import { StepSeries } from './step-series.ts';

/** A line of the run's log. `seconds` is training time. */
export type LogEntry =
  | { type: 'start'; seconds: 0; event: StartEvent }
  | { type: 'epoch'; seconds: number; event: EpochEvent; isBest: boolean }
  | { type: 'backend'; seconds: number; event: BackendEvent }
  | { type: 'pause' | 'resume'; seconds: number; step: number }
  | { type: 'act'; seconds: number; event: ActEvent }
  | { type: 'end'; seconds: number; event: EndEvent };

/** What was done to a run while it trained, or written down. */
export type ActEvent = Extract<RunEvent, { type: 'change' | 'refused' | 'back' | 'reopen' | 'checkpoint' | 'note' }>;

/** What had been measured when the run went back: no longer part of it behind step `from`. */
export interface OldBranch {
  readonly from: number;
  readonly loss: StepSeries;
  readonly accuracy: StepSeries;
  readonly epochs: readonly EpochEvent[];
  readonly marks: RunPicture['marks'];
  readonly stepsPerEpoch: number;
}

export interface RunPicture {
  status: RunStatus;
  start: StartEvent | null;
  end: EndEvent | null;
  /** What computes: as started, or as moved to when a device was lost. */
  machine: StartEvent | BackendEvent | ReopenEvent | null;
  loss: StepSeries;
  accuracy: StepSeries;
  epochs: EpochEvent[];
  branches: OldBranch[];
  /** Changes in force, in the order in which they were made. */
  changes: Setting[];
  /** How many epochs are to be trained, and how many steps one has, as the settings are now; 0 before the start. */
  plannedEpochs: number;
  stepsPerEpoch: number;
  /** The epoch of the highest dev accuracy (train accuracy without a dev set), or of the lowest loss where nothing is right or wrong. */
  best: EpochEvent | null;
  log: LogEntry[];
  step: number;
  /** Training time so far, pauses left out. */
  seconds: number;
  /** Training time at some steps, in order, for a time axis: at most `MARKS` pairs. */
  marks: { step: number; seconds: number }[];
}

const MARKS = 4096;

export const emptyPicture = (): RunPicture => ({
  status: 'running',
  start: null,
  end: null,
  machine: null,
  loss: new StepSeries(),
  accuracy: new StepSeries(),
  epochs: [],
  branches: [],
  changes: [],
  plannedEpochs: 0,
  stepsPerEpoch: 0,
  best: null,
  log: [],
  step: 0,
  seconds: 0,
  marks: [{ step: 0, seconds: 0 }]
});

export function pictureOf(events: readonly RunEvent[]): RunPicture {
  const picture = emptyPicture();
  for (const event of events) fold(picture, event);
  return picture;
}

/** Adds one event to `picture` in place. Steps that were already seen are passed over. */
export function fold(picture: RunPicture, event: RunEvent): void {
  switch (event.type) {
    case 'start':
      return foldStart(picture, event);
    case 'steps': {
      for (let i = Math.max(0, picture.loss.steps + 1 - event.from); i < event.loss.length; i++) {
        picture.loss.push(event.loss[i] ?? null);
        picture.accuracy.push(event.accuracy[i] ?? null);
      }
      return reach(picture, event.from + event.loss.length - 1, event.seconds);
    }
    case 'epoch':
      return foldEpoch(picture, event);
    case 'backend':
      picture.machine = event;
      picture.log.push({ type: 'backend', seconds: picture.seconds, event });
      return;
    case 'pause':
    case 'resume':
      picture.status = event.type === 'pause' ? 'paused' : 'running';
      picture.log.push({ type: event.type, seconds: picture.seconds, step: event.step });
      return;
    case 'change':
      foldChange(picture, event);
      return act(picture, event);
    case 'back':
      foldBack(picture, event);
      return act(picture, event);
    case 'reopen':
      picture.status = 'running';
      picture.end = null;
      picture.machine = event;
      return act(picture, event);
    case 'refused':
    case 'checkpoint':
    case 'note':
      return act(picture, event);
    case 'end':
      picture.status = event.status;
      picture.end = event;
      reach(picture, event.step, event.seconds);
      picture.log.push({ type: 'end', seconds: event.seconds, event });
      return;
    default:
      event satisfies never;
  }
}

const act = (picture: RunPicture, event: ActEvent): void =>
  void picture.log.push({ type: 'act', seconds: picture.seconds, event });

function foldStart(picture: RunPicture, event: StartEvent): void {
  const first = event.from?.step ?? 0;
  // A run that began with another's state counts its steps on; what it has not measured is a gap.
  while (picture.loss.steps < first) {
    picture.loss.push(null);
    picture.accuracy.push(null);
  }
  Object.assign(picture, {
    start: event,
    machine: event,
    plannedEpochs: event.epochs,
    stepsPerEpoch: event.stepsPerEpoch
  });
  picture.step = Math.max(picture.step, first);
  picture.log.push({ type: 'start', seconds: 0, event });
}

function foldChange(picture: RunPicture, { step, path, to }: Setting): void {
  picture.changes.push({ step, path, to });
  if (path === 'training.epochs') picture.plannedEpochs = Number(to);
  if (path === 'training.batchSize' && picture.start)
    picture.stepsPerEpoch = Math.ceil(picture.start.counts.train / Number(to));
}

/** What lies behind the checkpoint becomes a branch of its own. */
function foldBack(picture: RunPicture, { to, epoch, changes }: BackEvent): void {
  const { loss, accuracy, epochs, marks, stepsPerEpoch, start } = picture;
  picture.branches.push({ from: to, loss, accuracy, epochs, marks, stepsPerEpoch });
  picture.loss = loss.until(to);
  picture.accuracy = accuracy.until(to);
  picture.epochs = epochs.filter((one) => one.epoch <= epoch);
  picture.best = null;
  for (const one of picture.epochs) if (isBetter(judged(one), picture.best && judged(picture.best))) picture.best = one;
  picture.step = to;
  picture.marks = [...picture.marks.filter((mark) => mark.step <= to), { step: to, seconds: picture.seconds }];
  picture.changes = [];
  if (start) Object.assign(picture, { plannedEpochs: start.epochs, stepsPerEpoch: start.stepsPerEpoch });
  for (const change of changes) foldChange(picture, change);
}

function foldEpoch(picture: RunPicture, event: EpochEvent): void {
  const isBest = isBetter(judged(event), picture.best && judged(picture.best));
  if (isBest) picture.best = event;
  picture.epochs.push(event);
  picture.log.push({ type: 'epoch', seconds: event.seconds, event, isBest });
  reach(picture, event.step, event.seconds);
}

function reach(picture: RunPicture, step: number, seconds: number): void {
  picture.step = Math.max(picture.step, step);
  picture.seconds = Math.max(picture.seconds, seconds);
  const last = picture.marks.at(-1)!;
  if (step <= last.step) return;
  picture.marks.push({ step, seconds });
  if (picture.marks.length > MARKS)
    picture.marks = picture.marks.filter((_, index) => index % 2 === 0 || index === MARKS);
}

export interface Pace {
  msPerStep: number;
  imagesPerSecond: number;
  /** null when the run has ended or nothing is known yet. */
  secondsLeft: number | null;
}

/** Speed over the last two seconds of training while running, over the whole run once it has ended. */
export function paceOf(picture: RunPicture): Pace | null {
  const { start, end, marks, step, seconds } = picture;
  if (!start || step === 0 || seconds === 0) return null;
  const recent = end ? marks[0]! : (marks.findLast((mark) => mark.seconds <= seconds - 2) ?? marks[0]!);
  const secondsPerStep = step > recent.step ? (seconds - recent.seconds) / (step - recent.step) : seconds / step;
  if (secondsPerStep <= 0) return null;
  const left = Math.max(0, plannedSteps(picture) - step);
  return {
    msPerStep: secondsPerStep * 1000,
    imagesPerSecond: start.batchSize / secondsPerStep,
    secondsLeft: end ? null : left * secondsPerStep
  };
}

/** Steps of the whole run, as the settings are now. */
export function plannedSteps({ epochs, plannedEpochs, stepsPerEpoch }: RunPicture): number {
  const last = epochs.at(-1);
  return (last?.step ?? 0) + Math.max(0, plannedEpochs - (last?.epoch ?? 0)) * stepsPerEpoch;
}

/** Epochs done at `step`, with parts of one: an epoch has as many steps as its batch size made of it. */
export function epochsAt(
  { epochs, stepsPerEpoch }: { readonly epochs: readonly EpochEvent[]; readonly stepsPerEpoch: number },
  step: number
): number {
  let [low, high] = [0, epochs.length]; // of the first epoch that ends at or behind `step`
  while (low < high) {
    const middle = (low + high) >> 1;
    if (epochs[middle]!.step < step) low = middle + 1;
    else high = middle;
  }
  const [before, own] = [epochs[low - 1], epochs[low]];
  const from = before?.step ?? 0;
  const length = own ? own.step - from : stepsPerEpoch;
  return (before?.epoch ?? 0) + (length > 0 ? (step - from) / length : 0);
}

/** Training time at `step`, read off the line between the nearest marks. */
export function secondsAt({ marks }: Pick<RunPicture, 'marks'>, step: number): number {
  let [low, high] = [0, marks.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (marks[middle]!.step <= step) low = middle;
    else high = middle;
  }
  const [a, b] = [marks[low]!, marks[high]!];
  return b.step === a.step ? a.seconds : a.seconds + ((step - a.step) / (b.step - a.step)) * (b.seconds - a.seconds);
}
