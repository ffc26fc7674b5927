/** Events of a made-up run, for tests of what keeps and carries them. */
import type { EndEvent, EpochEvent, StartEvent, StepsEvent } from '../../src-worker/contract/run.ts';

export const startEvent: StartEvent = {
  type: 'start',
  backend: 'wasm',
  detail: 'SIMD, 1 thread',
  threads: 1,
  why: 'It was asked for.',
  candidates: [{ backend: 'wasm', threads: 1, detail: 'SIMD', msPerStep: 1.25, reason: null }],
  parameters: 17,
  batchSize: 10,
  epochs: 3,
  stepsPerEpoch: 4,
  counts: { train: 40, dev: 10, test: 20 },
  normalization: { kind: 'standardize', shift: [0.1, -0.2], scale: [1.5, 2] }
};

export const stepsEvent = (from: number, losses: (number | null)[], seconds = from / 10): StepsEvent => ({
  type: 'steps',
  from,
  loss: losses,
  accuracy: losses.map((loss) => (loss === null ? null : Math.max(0, 1 - loss))),
  seconds
});

export const epochEvent = (epoch: number, devAccuracy: number | null, step = epoch * 4): EpochEvent => ({
  type: 'epoch',
  epoch,
  step,
  train: { loss: 1 / epoch, accuracy: 0.5 + epoch / 100 },
  dev: devAccuracy === null ? null : { loss: 1.1 / epoch, accuracy: devAccuracy },
  seconds: epoch * 2
});

export const endEvent = (status: EndEvent['status'] = 'completed'): EndEvent => ({
  type: 'end',
  status,
  step: 12,
  test: status === 'completed' ? { loss: 0.4, accuracy: 0.875 } : null,
  seconds: 6.5,
  error: null
});
