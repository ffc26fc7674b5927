import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { emptyPicture, fold, paceOf, pictureOf, secondsAt } from '../../../src-renderer/state/run-picture.ts';

const start: RunEvent = {
  type: 'start',
  backend: 'wasm',
  detail: 'SIMD',
  threads: 1,
  why: 'wasm was asked for',
  candidates: [],
  parameters: 10,
  batchSize: 32,
  epochs: 2,
  stepsPerEpoch: 4,
  counts: { train: 128, dev: 16, test: 16 },
  normalization: { kind: 'none', shift: [0], scale: [1] }
};
const steps = (from: number, loss: (number | null)[], seconds: number): RunEvent => ({
  type: 'steps',
  from,
  loss,
  accuracy: loss.map((value) => value && value / 2),
  seconds
});
const epoch = (number: number, accuracy: number | null, seconds: number): RunEvent => ({
  type: 'epoch',
  epoch: number,
  step: number * 4,
  train: { loss: 1, accuracy: 0.5 },
  dev: { loss: 1, accuracy },
  seconds
});
const end: RunEvent = {
  type: 'end',
  status: 'completed',
  step: 8,
  test: { loss: 0.4, accuracy: 0.8 },
  seconds: 4,
  error: null
};

const live = [
  start,
  steps(1, [4, 3], 1),
  steps(3, [2.5, 2], 2),
  epoch(1, 0.6, 2),
  steps(5, [1.5], 2.5),
  { type: 'pause', step: 5 } as const,
  { type: 'resume', step: 5 } as const,
  steps(6, [1.25, 1, 0.75], 4),
  epoch(2, 0.55, 4),
  end
];

describe('folding a run’s events', () => {
  it('keeps every step, the epochs, the best one and the result', () => {
    const picture = pictureOf(live);
    expect([...picture.loss.mean.subarray(0, picture.loss.length)]).toEqual([4, 3, 2.5, 2, 1.5, 1.25, 1, 0.75]);
    expect(picture.epochs.map((one) => one.dev?.accuracy)).toEqual([0.6, 0.55]);
    expect(picture.best?.epoch).toBe(1);
    expect(picture).toMatchObject({ status: 'completed', step: 8, seconds: 4, end: { test: { accuracy: 0.8 } } });
    expect(picture.log.map(({ type }) => type)).toEqual(['start', 'epoch', 'pause', 'resume', 'epoch', 'end']);
  });

  it('gives the same curves whether steps came in small pieces or were merged by the store', () => {
    const stored = [
      start,
      steps(1, [4, 3, 2.5, 2], 2),
      epoch(1, 0.6, 2),
      steps(5, [1.5], 2.5),
      live[5]!,
      live[6]!,
      steps(6, [1.25, 1, 0.75], 4),
      epoch(2, 0.55, 4),
      end
    ];
    const [a, b] = [pictureOf(live), pictureOf(stored)];
    expect([...b.loss.mean]).toEqual([...a.loss.mean]);
    expect({ ...b, loss: null, accuracy: null, marks: null }).toEqual({
      ...a,
      loss: null,
      accuracy: null,
      marks: null
    });
  });

  it('passes over steps that it has seen', () => {
    const picture = pictureOf([start, steps(1, [4, 3], 1), steps(1, [4, 3, 2], 1.5)]);
    expect([...picture.loss.mean.subarray(0, picture.loss.length)]).toEqual([4, 3, 2]);
  });

  it('breaks the line at a loss that is not finite', () => {
    const picture = pictureOf([start, steps(1, [4, null, 3], 1)]);
    expect(picture.loss.mean[1]).toBeNaN();
    expect(picture.loss.length).toBe(3);
  });

  it('shows a pause until the run goes on', () => {
    const picture = emptyPicture();
    fold(picture, { type: 'pause', step: 3 });
    expect(picture.status).toBe('paused');
    fold(picture, { type: 'resume', step: 3 });
    expect(picture.status).toBe('running');
  });

  it('takes the lowest loss for best where nothing is right or wrong', () => {
    const of = (number: number, loss: number): RunEvent => ({
      ...(epoch(number, null, number) as Extract<RunEvent, { type: 'epoch' }>),
      ...{ train: { loss: 9, accuracy: null }, dev: { loss, accuracy: null, mae: loss } }
    });
    expect(pictureOf([start, of(1, 2), of(2, 1), of(3, 1.5)]).best?.epoch).toBe(2);
  });

  it('follows the run to another backend', () => {
    const moved = { backend: 'webgl2', detail: 'a GPU', threads: 1, why: 'lost' } as const;
    const picture = pictureOf([start, { type: 'backend', step: 0, ...moved }]);
    expect(picture.machine).toMatchObject(moved);
    expect(picture.log.map(({ type }) => type)).toEqual(['start', 'backend']);
  });

  it('takes the training accuracy for best where there is no dev set', () => {
    const picture = pictureOf([start, { ...(epoch(1, 0, 1) as object), dev: null } as RunEvent]);
    expect(picture.best?.epoch).toBe(1);
  });
});

describe('the pace of a run', () => {
  it('is that of the last two seconds while it runs', () => {
    const picture = pictureOf([start, steps(1, [1, 1], 4), steps(3, [1, 1, 1, 1], 6)]);
    expect(paceOf(picture)).toEqual({ msPerStep: 500, imagesPerSecond: 64, secondsLeft: 1 });
  });
  it('is that of the whole run once it has ended', () => {
    expect(paceOf(pictureOf(live))).toEqual({ msPerStep: 500, imagesPerSecond: 64, secondsLeft: null });
  });
  it('is unknown before the first step', () => expect(paceOf(pictureOf([start]))).toBeNull());
});

it('the time at a step lies on the line between what was reported', () => {
  const picture = pictureOf([start, steps(1, [1, 1], 1), steps(3, [1, 1], 3)]);
  expect([0, 1, 2, 3, 4].map((step) => secondsAt(picture, step))).toEqual([0, 0.5, 1, 2, 3]);
});
