import { expect, it } from 'vitest';
import { formed } from '../../../src-renderer/state/formed.ts';
import { experimentSchema, type Experiment } from '../../../src-worker/contract/experiment.ts';
import { presetExperiment } from '../../support/presets.ts';

const xor = presetExperiment('xor');
const { training, data } = experimentSchema.parse({ ...xor, training: {}, data: { dataset: 'xor' } });

it('an experiment in good form is the same object, whatever its values', () => {
  expect(formed(xor)).toBe(xor);
  const typed = {
    ...xor,
    training: { ...training, batchSize: 'many', clip: { kind: 'teapot' } }
  } as unknown as Experiment;
  expect(formed(typed)).toBe(typed);
  const text = { ...xor, data: { ...data, limit: 'all' } } as unknown as Experiment;
  expect(formed(text)).toBe(text);
});

it('what is missing is shown as its default', () => {
  const bare = { ...xor, data: {}, training: { epochs: 3 } } as unknown as Experiment;
  expect(formed(bare)).toEqual({ ...xor, data: { ...data, dataset: '' }, training: { ...training, epochs: 3 } });
});

it('lists, objects and kinds are what they should be', () => {
  const broken = {
    ...xor,
    data: { dataset: {}, split: 'x', augment: [{}, 'flip', 5, { kind: 'what' }] },
    training: { loss: 'x', optimizer: {}, schedule: null, metrics: 3, epochs: [], regularize: 9, heads: { out: null } }
  } as unknown as Experiment;
  expect(formed(broken).data).toEqual({ ...data, dataset: '', augment: ['flip', { kind: 'what' }] });
  const heads = { out: { loss: { kind: 'cross-entropy' }, target: null, share: 1 } };
  expect(formed(broken).training).toEqual({ ...training, heads });
  expect(formed({ ...xor, training: { ...training, heads: [1] } } as unknown as Experiment).training.heads).toEqual({});
});
