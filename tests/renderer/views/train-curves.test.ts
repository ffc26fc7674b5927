import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { pictureOf } from '../../../src-renderer/state/run-picture.ts';
import { niceAbove, trainCurves, trainNotes, xScaleOf } from '../../../src-renderer/views/train/train-curves.ts';

const events: RunEvent[] = [
  {
    type: 'start',
    backend: 'wasm',
    detail: '',
    threads: 1,
    why: '',
    candidates: [],
    parameters: 1,
    batchSize: 1,
    epochs: 10,
    stepsPerEpoch: 2,
    counts: { train: 2, dev: 1, test: 1 },
    normalization: { kind: 'none', shift: [], scale: [] }
  },
  { type: 'steps', from: 1, loss: [3, 2], accuracy: [0.1, 0.2], seconds: 1 },
  {
    type: 'epoch',
    epoch: 1,
    step: 2,
    train: { loss: 2.5, accuracy: 0.15 },
    dev: { loss: 2.2, accuracy: 0.3 },
    seconds: 1
  }
];
const end: RunEvent = {
  type: 'end',
  status: 'completed',
  step: 2,
  test: { loss: 2.1, accuracy: 0.25 },
  seconds: 1,
  error: null
};
const words = { raw: 'raw', smoothed: 'smoothed', train: 'train', dev: 'dev' };
const options = { colour: 'red', smoothing: 0, raw: true, words };

describe('the x axis', () => {
  it('leaves room for the epochs that are planned', () => {
    expect(xScaleOf(pictureOf(events), 'epoch').extent).toEqual([0, 10]);
    expect(xScaleOf(pictureOf(events), 'step').extent).toEqual([0, 20]);
  });
  it('does not squeeze the start of a very long run', () => {
    const long = events.map((event) => (event.type === 'start' ? { ...event, epochs: 5000 } : event));
    expect(xScaleOf(pictureOf(long), 'epoch').extent[1]).toBeLessThan(20);
  });
  it('ends where the run has ended', () => {
    expect(xScaleOf(pictureOf([...events, end]), 'epoch').extent).toEqual([0, 1]);
  });
  it('reads time off the reports', () => {
    expect(xScaleOf(pictureOf([...events, end]), 'time').at(1)).toBe(0.5);
  });
  it('grows along round numbers', () => expect([0.7, 1.2, 4, 9, 11].map(niceAbove)).toEqual([0.75, 1.5, 5, 10, 15]));
});

describe('the curves of a run', () => {
  const picture = pictureOf([...events, end]);
  const scale = xScaleOf(picture, 'epoch');

  it('are every step, the smoothed mean, and dev', () => {
    const curves = trainCurves(picture, 'loss', scale, options);
    expect(curves.map(({ key }) => key)).toEqual(['raw', 'train', 'dev']);
    expect(curves.map(({ series, value }) => Array.from({ length: series.length }, (_, i) => [series.x(i), value(i)]))).toEqual([
      [[0.5, 3], [1, 2]],
      [[0.5, 3], [1, 2]],
      [[1, 2.2]]
    ]); // prettier-ignore
  });
  it('leave the steps out on wish', () => {
    expect(trainCurves(picture, 'loss', scale, { ...options, raw: false }).map(({ key }) => key)).toEqual([
      'train',
      'dev'
    ]);
  });
  it('of a metric that only epochs have are a point an epoch, of the training too where it has one', () => {
    const epoch = events[2] as Extract<RunEvent, { type: 'epoch' }>;
    const more = { ...epoch, train: { ...epoch.train, penalty: 0.5 }, dev: { ...epoch.dev!, f1: 0.25 } };
    const measured = pictureOf([...events.slice(0, 2), more, end]);
    const pointsOf = (metric: string) =>
      trainCurves(measured, metric, scale, options).map(({ key, series, value }) => [key, series.x(0), value(0)]);
    expect(pointsOf('f1')).toEqual([['dev', 1, 0.25]]);
    expect(pointsOf('penalty')).toEqual([['train', 1, 0.5]]);
    expect(pointsOf('r2')).toEqual([]);
  });
  it('mark the best epoch on the loss where nothing is right or wrong', () => {
    const epoch = events[2] as Extract<RunEvent, { type: 'epoch' }>;
    const quantities = pictureOf([
      ...events.slice(0, 1),
      { ...epoch, train: { loss: 2, accuracy: null }, dev: { loss: 1.5, accuracy: null, mae: 1 } },
      { ...epoch, epoch: 2, step: 4, train: { loss: 1, accuracy: null }, dev: { loss: 1.75, accuracy: null, mae: 0.5 } }
    ]);
    const label = { colour: 'red', best: (value: number, at: number) => `${value} at ${at}`, test: String };
    expect(trainNotes(quantities, 'loss', scale, label).map((note) => note.label)).toEqual(['1.5 at 1']);
    expect(trainNotes(quantities, 'mae', scale, label)).toEqual([]);
  });
  it('mark the best epoch and the test result', () => {
    const notes = trainNotes(picture, 'accuracy', scale, {
      colour: 'red',
      best: (value, epoch) => `best ${value} at ${epoch}`,
      test: (value) => `test ${value}`
    });
    expect(notes.map(({ x, y, label, sign }) => ({ x, y, label, sign }))).toEqual([
      { x: 1, y: 0.3, label: 'best 0.3 at 1', sign: 'ring' },
      { x: 1, y: 0.25, label: 'test 0.25', sign: 'diamond' }
    ]);
  });
});
