import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { pictureOf } from '../../../src-renderer/state/run-picture.ts';
import { leftCurves, trainCurves, xScaleOf } from '../../../src-renderer/views/train/train-curves.ts';
import { trainFlags } from '../../../src-renderer/views/train/train-flags.ts';

const PATH = 'training.optimizer.learningRate';
const start: RunEvent = {
  ...{ type: 'start', backend: 'wasm', detail: '', threads: 1, why: '', candidates: [] },
  ...{ parameters: 1, batchSize: 1, epochs: 10, stepsPerEpoch: 2, counts: { train: 2, dev: 1, test: 1 } },
  normalization: { kind: 'none', shift: [], scale: [] }
};
const epoch = (number: number, loss: number): RunEvent => ({
  ...{ type: 'epoch', epoch: number, step: number * 2, seconds: number * 2 },
  ...{ train: { loss, accuracy: null }, dev: { loss, accuracy: null } }
});
/** Two epochs, a change behind the third step, then back to the end of the first. */
const events: RunEvent[] = [
  start,
  { type: 'steps', from: 1, loss: [4, 3], accuracy: [null, null], seconds: 2 },
  epoch(1, 3),
  { type: 'checkpoint', step: 2, number: 1 },
  { type: 'steps', from: 3, loss: [2], accuracy: [null], seconds: 3 },
  { type: 'change', step: 4, path: PATH, from: 0.001, to: 0.01 },
  { type: 'steps', from: 4, loss: [9], accuracy: [null], seconds: 4 },
  epoch(2, 8),
  { type: 'back', step: 4, to: 2, epoch: 1, line: 0, checkpoint: 1, changes: [] },
  { type: 'steps', from: 3, loss: [1], accuracy: [null], seconds: 6 },
  { type: 'note', step: 3, text: 'better' }
];
const options = { colour: 'red', smoothing: 0, raw: true, words: { raw: '', smoothed: '', train: '', dev: '' } };
const pointsOf = (curves: ReturnType<typeof leftCurves>, key: string) => {
  const { series, value } = curves.find((curve) => curve.key === key)!;
  return Array.from({ length: series.length }, (_, i) => [series.x(i), value(i)]);
};

describe('what was done to a run', () => {
  it('stands where it happened, faint on a branch that was left', () => {
    expect(trainFlags(pictureOf(events), 'step').map(({ x, label, isLeft }) => [x, label, isLeft])).toEqual([
      [2, 'checkpoint 1', false],
      [3, 'Learning rate → 0.01', true],
      [2, 'back', false],
      [3, 'better', false]
    ]);
  });
  it('tells all of it', () => {
    expect(trainFlags(pictureOf(events), 'step')[1]!.text).toBe(
      'Changed: Learning rate: 0.001 → 0.01, from step 4 on.'
    );
  });
  it('stands at its own time', () => {
    expect(trainFlags(pictureOf(events), 'time').map(({ x }) => x)).toEqual([2, 3, 4, 6]);
  });
});

describe('what was left when the run went back', () => {
  const picture = pictureOf(events);
  it('is drawn from there on, with what was measured then', () => {
    const left = leftCurves(picture, 'loss', 'step', options);
    expect(left.map(({ key, role }) => [key, role])).toEqual([
      ['left-0', 'left'],
      ['left-0-dev', 'left']
    ]);
    expect(pointsOf(left, 'left-0')).toEqual([
      [2, 3],
      [3, 2],
      [4, 9]
    ]);
    expect(pointsOf(left, 'left-0-dev')).toEqual([
      [2, 3],
      [4, 8]
    ]);
  });
  it('is no part of the run’s own curve', () => {
    const own = trainCurves(picture, 'loss', xScaleOf(picture, 'step'), options);
    expect(pointsOf(own, 'train').map(([, loss]) => loss)).toEqual([4, 3, 1]);
  });
  it('has room on the axis', () => {
    const ended = pictureOf([
      ...events,
      { type: 'end', status: 'stopped', step: 3, test: null, seconds: 6, error: null }
    ]);
    expect(xScaleOf(ended, 'step').extent).toEqual([0, 4]);
    expect(xScaleOf(ended, 'epoch').extent).toEqual([0, 2]);
  });
});
