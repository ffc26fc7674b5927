import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { formed } from '../../../src-renderer/state/formed.ts';
import { withValue } from '../../../src-renderer/state/set-value.ts';
import { presetSpec } from '../../support/datasets.ts';

const spec = presetSpec('lenet-5') as unknown as Record<string, unknown>;
const set = (typed: unknown, path: string, value: unknown) =>
  withValue(typed as Experiment, formed(typed as Experiment), path, value);

describe('a setting of an experiment that is malformed elsewhere', () => {
  it('leaves all else as it was typed', () => {
    const training = { batchSize: { wrong: true }, epochs: 'many', metrics: ['f1', 7], optimizer: 5, other: 1 };
    const changed = set({ ...spec, training }, 'training.epochs', 3);
    expect(changed).toEqual({ ...spec, training: { ...training, epochs: 3 } });
    expect(set({ ...spec, data: 'none', training }, 'training.epochs', 3).data).toBe('none');
  });

  it('takes for its holder what was shown there, and no more', () => {
    const training = { epochs: 'many', optimizer: 5 };
    const changed = set({ ...spec, training }, 'training.optimizer.learningRate', 0.5);
    expect(changed.training).toEqual({ epochs: 'many', optimizer: { kind: 'adam', learningRate: 0.5 } });
    expect(set({ ...spec, training: 7 }, 'training.epochs', 3).training).toMatchObject({ epochs: 3, batchSize: 128 });
    expect(set({ ...spec, training: {} }, 'training.regularize.l2', 0.1).training.regularize).toMatchObject({
      l2: 0.1
    });
  });

  it('counts the entries of a list as they were shown', () => {
    const changed = set({ ...spec, training: { metrics: [7, { kind: 'top-k', k: 2 }] } }, 'training.metrics.0.k', 3);
    expect(changed.training.metrics).toEqual([{ kind: 'top-k', k: 3 }]);
  });
});
