import { describe, expect, it } from 'vitest';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const wide = { ...describedDatasets.find(({ name }) => name === 'fashion-mnist')!, name: 'wide', shape: [20, 30, 1] };
const problemsOf = (augment: unknown, { preset = 'fashion-5-layer', dataset = 'wide' } = {}) => {
  const spec = setPath(setPath(presetSpec(preset), 'data.augment', augment), 'data.dataset', dataset);
  return checkExperiment(spec, [...describedDatasets, wide]).problems;
};

describe('augmentations', () => {
  it('may shift as far as some of the image stays, and black out as much as all of it', () => {
    expect(
      problemsOf([
        { kind: 'shift', pixels: 19 },
        { kind: 'cutout', size: 30 }
      ])
    ).toEqual([]);
  });

  it('are refused with the size and the limit where an image may leave nothing', () => {
    expect(problemsOf(['flip', { kind: 'shift', pixels: 20 }, { kind: 'cutout', size: 31 }])).toMatchObject([
      {
        path: 'data.augment.1.pixels',
        value: 20,
        why: 'images of 20×30 shifted by 20 pixels may be wholly black',
        remedy: 'Shift by 19 pixels at most.'
      },
      {
        path: 'data.augment.2.size',
        value: 31,
        why: 'a square of 31×31 is larger than images of 20×30',
        remedy: 'Give a side of 30 pixels at most.'
      }
    ]);
  });

  it('of images are refused where examples are rows of columns', () => {
    expect(problemsOf(['noise', 'mixup', 'shift'], { preset: 'spiral', dataset: 'spiral' })).toMatchObject([
      {
        path: 'data.augment.2',
        value: 'shift',
        why: 'this changes images, but the examples of spiral are rows of 2 values',
        remedy: 'Use noise, mixup, or remove it.'
      }
    ]);
  });

  it('mix the examples once at most', () => {
    expect(problemsOf(['mixup', 'flip'])).toEqual([]);
    expect(problemsOf(['mixup', 'flip', { kind: 'mixup', alpha: 1 }])).toMatchObject([
      {
        path: 'data.augment.2',
        value: 'mixup',
        why: 'data.augment.0 mixes the examples already',
        remedy: 'Remove one of the two.'
      }
    ]);
  });
});
