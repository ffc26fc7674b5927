/** The curves of one run, ready for the chart: every step raw, its smoothed mean, and the dev set after each epoch. */
import { seriesOf, type Curve, type Note } from '../../charts/curve.ts';
import { lowerBound } from '../../charts/decimate.ts';
import { smooth } from '../../charts/smooth.ts';
import { judged } from '../../../src-worker/contract/best.ts';
import type { EpochEvent } from '../../../src-worker/contract/run.ts';
import { epochsAt, paceOf, plannedSteps, secondsAt, type OldBranch, type RunPicture } from '../../state/run-picture.ts';
import type { StepSeries } from '../../state/step-series.ts';

export type XUnit = 'step' | 'epoch' | 'time';

export interface XScale {
  at(step: number): number;
  extent: readonly [number, number];
}

/** From steps to the unit of the axis. A run under way leaves room for what is still to come, and every run for what was left. */
export function xScaleOf(picture: RunPicture, unit: XUnit): XScale {
  const scale = ownScaleOf(picture, unit);
  const ends = picture.branches.map((branch) => branchScaleOf(branch, unit).extent[1]);
  return { ...scale, extent: [0, Math.max(scale.extent[1], ...ends)] };
}

/** Of what was measured before the run went back. */
export function branchScaleOf(branch: OldBranch, unit: XUnit): XScale {
  const at = placesOf(branch)[unit];
  return { at, extent: [0, at(branch.loss.steps)] };
}

function ownScaleOf(picture: RunPicture, unit: XUnit): XScale {
  const perEpoch = picture.stepsPerEpoch || 1;
  const planned = plannedSteps(picture);
  const reached = Math.max(picture.step, 1);
  const steps = picture.end ? reached : Math.min(planned, roundUp(reached * FORESIGHT, perEpoch));
  const at = placesOf(picture)[unit];
  if (unit !== 'time') return { at, extent: [0, at(steps)] };
  const left = picture.end ? 0 : ((steps - reached) * (paceOf(picture)?.msPerStep ?? 0)) / 1000;
  const total = picture.seconds + left;
  return { at, extent: [0, Math.max(1e-3, picture.end ? total : niceAbove(total))] };
}

/** Where a step stands, by the unit of the axis. */
const placesOf = (of: Pick<RunPicture, 'marks' | 'stepsPerEpoch'> & { readonly epochs: readonly EpochEvent[] }) => ({
  step: (step: number) => step,
  epoch: (step: number) => epochsAt(of, step),
  time: (step: number) => secondsAt(of, step)
});

/** The axis shows this many times what has been trained, and at most the whole plan. */
const FORESIGHT = 12;
const roundUp = (steps: number, perEpoch: number) => niceAbove(Math.ceil(steps / perEpoch)) * perEpoch;

/** The next of 1, 1.5, 2, 3, 5, 7.5, 10 … : an axis that grows in steps does not swim. */
export function niceAbove(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 5, 7.5, 10].find((m) => m * unit >= value * 0.999) ?? 10) * unit;
}

export interface CurveOptions {
  colour: string;
  smoothing: number;
  raw: boolean;
  words: { raw: string; smoothed: string; train: string; dev: string };
}

/** Loss and accuracy are known of every step, other metrics after each epoch. Raw first, so that it lies below. Keys: `raw`, `train`, `dev`. */
export function trainCurves(picture: RunPicture, metric: string, scale: XScale, options: CurveOptions): Curve[] {
  const { colour, words } = options;
  const curves = metric === 'loss' || metric === 'accuracy' ? stepCurves(picture[metric], scale, options) : [];
  const of = (part: 'train' | 'dev') => {
    const epochs = picture.epochs.filter((epoch) => epoch[part]?.[metric] !== undefined);
    const series = seriesOf(
      epochs.map(({ step }) => scale.at(step)),
      epochs.map((epoch) => epoch[part]![metric] ?? null)
    );
    return { series, value: series.value };
  };
  const [train, dev] = [of('train'), of('dev')];
  if (curves.length === 0 && train.series.length > 0)
    curves.push({ ...look(colour, words.train), key: 'train', dash: '5 3', width: 1.5, ...train });
  if (dev.series.length > 0) curves.push({ ...look(colour, words.dev), key: 'dev', width: 2.25, marker: 0, ...dev });
  return curves;
}

function stepCurves(steps: StepSeries, scale: XScale, { colour, smoothing, raw, words }: CurveOptions): Curve[] {
  const x = (index: number) => scale.at(steps.stepAt(index));
  const smoothed = smooth(steps.mean, steps.length, smoothing, steps.stride);
  const curves: Curve[] = [];
  if (raw) curves.push({ ...look(colour, words.raw), key: 'raw', role: 'raw', width: 1, ...rawSeries(steps, x) });
  curves.push({
    ...look(colour, words.smoothed),
    key: 'train',
    role: 'smooth',
    dash: '5 3',
    width: 1.5,
    ...valueSeries(smoothed, x)
  });
  return curves;
}

/** What was left when the run went back, from there on. Keys: `left-0`, `left-0-dev`. */
export function leftCurves(picture: RunPicture, metric: string, unit: XUnit, options: CurveOptions): Curve[] {
  return picture.branches.flatMap((branch, index) => {
    const scale = branchScaleOf(branch, unit);
    const whole = trainCurves({ ...picture, ...branch, epochs: [...branch.epochs] }, metric, scale, {
      ...options,
      raw: false
    });
    const from = scale.at(branch.from);
    return whole.map((curve): Curve => ({
      ...curve,
      key: curve.key === 'dev' ? `left-${index}-dev` : `left-${index}`,
      role: 'left',
      dash: '2 3',
      marker: null,
      ...behind(curve, from)
    }));
  });
}

function behind({ series, value }: Curve, from: number): Pick<Curve, 'series' | 'value'> {
  const first = Math.max(0, lowerBound(series, from));
  const { x, low, high } = series;
  return {
    series: {
      length: Math.max(0, series.length - first),
      x: (i) => x(first + i),
      low: (i) => low(first + i),
      high: (i) => high(first + i)
    },
    value: (i) => value(first + i)
  };
}

/** The best epoch, and how it did on the test set. */
export function trainNotes(
  picture: RunPicture,
  metric: string,
  scale: XScale,
  {
    colour,
    best,
    test
  }: { colour: string; best: (value: number, epoch: number) => string; test: (value: number) => string }
): Note[] {
  const notes: Note[] = [];
  const top = picture.best;
  const value = top && judged(top)[metric];
  // Marked where it was decided: see run-picture.ts.
  if (top && metric === (judged(top).accuracy === null ? 'loss' : 'accuracy') && typeof value === 'number')
    notes.push({ x: scale.at(top.step), y: value, label: best(value, top.epoch), colour, sign: 'ring' });
  const tested = picture.end?.test?.[metric];
  if (typeof tested === 'number')
    notes.push({
      x: scale.at(picture.end!.step),
      y: tested,
      label: test(tested),
      colour: 'var(--ink-1)',
      sign: 'diamond'
    });
  return notes;
}

const look = (colour: string, label: string) => ({ colour, label, role: 'line' as const, dash: 'none', marker: null });

function rawSeries(steps: StepSeries, x: (index: number) => number) {
  const { length, low, high, mean } = steps;
  return {
    series: { length, x, low: (i: number) => low[i]!, high: (i: number) => high[i]! },
    value: (i: number) => mean[i]!
  };
}

function valueSeries(values: Float32Array, x: (index: number) => number) {
  const value = (i: number) => values[i]!;
  return { series: { length: values.length, x, low: value, high: value }, value };
}
