import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import {
  emptyPicture,
  epochsAt,
  fold,
  paceOf,
  pictureOf,
  plannedSteps,
  secondsAt
} from '../../../src-renderer/state/run-picture.ts';

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

describe('a run that was changed on its way', () => {
  const changed = (path: string, from: number, to: number, step: number): RunEvent => {
    return { type: 'change', step, path, from, to };
  };
  const values = (series: { mean: Float32Array; length: number }) => [...series.mean.subarray(0, series.length)];

  it('has other plans when epochs and batch size change', () => {
    const picture = pictureOf([start, ...live.slice(1, 4), changed('training.epochs', 2, 5, 5)]);
    expect([picture.plannedEpochs, plannedSteps(picture)]).toEqual([5, 20]);
    fold(picture, changed('training.batchSize', 32, 64, 5));
    expect([picture.stepsPerEpoch, plannedSteps(picture)]).toEqual([2, 4 + 4 * 2]);
    expect([2, 4, 5, 6].map((step) => epochsAt(picture, step))).toEqual([0.5, 1, 1.5, 2]);
  });

  it('that went back goes on from there, what it left is a branch', () => {
    const kept = { step: 3, path: 'training.batchSize', to: 64 };
    const back: RunEvent = { type: 'back', step: 6, to: 3, epoch: 0, line: 0, checkpoint: 1, changes: [] };
    const before = [start, ...live.slice(1, 5), changed('training.epochs', 2, 9, 5), steps(6, [9], 3)];
    const picture = pictureOf([...before, back, steps(4, [7, 6], 4)]);
    expect(values(picture.loss)).toEqual([4, 3, 2.5, 7, 6]);
    expect([picture.step, picture.plannedEpochs, picture.epochs, picture.best]).toEqual([5, 2, [], null]);
    const [branch] = picture.branches;
    expect(branch!.from).toBe(3);
    expect(values(branch!.loss)).toEqual([4, 3, 2.5, 2, 1.5, 9]);
    expect(branch!.epochs).toHaveLength(1);
    // Training time goes on, also where the steps begin anew.
    expect([secondsAt(picture, 3), secondsAt(picture, 5)]).toEqual([3, 4]);
    fold(picture, { ...back, changes: [kept] });
    expect([picture.changes, picture.stepsPerEpoch]).toEqual([[kept], 2]);
  });

  it('goes on behind its end when it is taken up again', () => {
    const cut: RunEvent = { ...end, status: 'interrupted', step: 4, test: null } as RunEvent;
    const picture = pictureOf([...live.slice(0, 4), cut]);
    expect(picture.status).toBe('interrupted');
    fold(picture, { type: 'reopen', step: 4, backend: 'wasm', detail: 'SIMD', threads: 1 });
    fold(picture, steps(5, [1], 3));
    expect([picture.status, picture.end, values(picture.loss)]).toEqual(['running', null, [4, 3, 2.5, 2, 1]]);
  });

  it('that began with another run’s state counts its steps on', () => {
    const from = { run: 1, checkpoint: 2, step: 4 };
    const picture = pictureOf([{ ...start, from } as RunEvent, steps(5, [1], 3)]);
    expect(values(picture.loss)).toEqual([NaN, NaN, NaN, NaN, 1]);
    expect(picture.step).toBe(5);
  });
});
