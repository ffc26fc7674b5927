/**
 * What the page shows of a run, folded from its events. A live run and one read back from the store go through the same fold, so both
 * give the same picture.
 */
import type {
  BackendEvent,
  EndEvent,
  EpochEvent,
  Metrics,
  RunEvent,
  RunStatus,
  StartEvent
} from '../../src-worker/contract/run.ts';
import { StepSeries } from './step-series.ts';

/** A line of the run's log. `seconds` is training time. */
export type LogEntry =
  | { type: 'start'; seconds: 0; event: StartEvent }
  | { type: 'epoch'; seconds: number; event: EpochEvent; isBest: boolean }
  | { type: 'backend'; seconds: number; event: BackendEvent }
  | { type: 'pause' | 'resume'; seconds: number; step: number }
  | { type: 'end'; seconds: number; event: EndEvent };

export interface RunPicture {
  status: RunStatus;
  start: StartEvent | null;
  end: EndEvent | null;
  /** What computes: as started, or as moved to when a device was lost. */
  machine: StartEvent | BackendEvent | null;
  loss: StepSeries;
  accuracy: StepSeries;
  epochs: EpochEvent[];
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
      picture.start = event;
      picture.machine = event;
      picture.log.push({ type: 'start', seconds: 0, event });
      return;
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

/** Dev metrics where there is a dev set, else the training ones. */
export const judged = (epoch: { train: Metrics; dev: Metrics | null }): Metrics => epoch.dev ?? epoch.train;

/** As the store decides it: see runs.ts there. */
function isBetter(one: Metrics, than: Metrics | null): boolean {
  if (one.accuracy !== null) return one.accuracy > (than?.accuracy ?? -1);
  return (than?.accuracy ?? null) === null && one.loss !== null && one.loss < (than?.loss ?? Infinity);
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
export function paceOf({ start, end, marks, step, seconds }: RunPicture): Pace | null {
  if (!start || step === 0 || seconds === 0) return null;
  const recent = end ? marks[0]! : (marks.findLast((mark) => mark.seconds <= seconds - 2) ?? marks[0]!);
  const secondsPerStep = step > recent.step ? (seconds - recent.seconds) / (step - recent.step) : seconds / step;
  if (secondsPerStep <= 0) return null;
  const left = start.epochs * start.stepsPerEpoch - step;
  return {
    msPerStep: secondsPerStep * 1000,
    imagesPerSecond: start.batchSize / secondsPerStep,
    secondsLeft: end ? null : left * secondsPerStep
  };
}

/** Training time at `step`, read off the line between the nearest marks. */
export function secondsAt({ marks }: RunPicture, step: number): number {
  let [low, high] = [0, marks.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (marks[middle]!.step <= step) low = middle;
    else high = middle;
  }
  const [a, b] = [marks[low]!, marks[high]!];
  return b.step === a.step ? a.seconds : a.seconds + ((step - a.step) / (b.step - a.step)) * (b.seconds - a.seconds);
}
