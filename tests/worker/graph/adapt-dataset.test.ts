import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { adaptToDataset } from '../../../src-worker/graph/edit/dataset.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const named = (name: string) => describedDatasets.find((dataset) => dataset.name === name)!;

function adapt(experiment: Experiment, name: string) {
  const before = named(experiment.data.dataset);
  const { experiment: adapted, changes } = adaptToDataset(experiment, named(name), before);
  const { problems } = checkExperiment(adapted, describedDatasets);
  return { adapted, problems, changes: changes.map(({ what, words }) => [what, ...Object.values(words)]) };
}
const nodeOf = (experiment: Experiment, id: string) => experiment.network.nodes.find((node) => node.id === id);

describe('another dataset', () => {
  it('of the same shape and classes changes nothing else', () => {
    const { adapted, changes, problems } = adapt(presetSpec('lenet-5'), 'fashion-mnist');
    expect([changes, problems]).toEqual([[], []]);
    expect(adapted).toEqual(setPath(presetSpec('lenet-5'), 'data.dataset', 'fashion-mnist'));
  });

  it('with another number of classes gives the last dense layer as many units', () => {
    const { adapted, changes, problems } = adapt(presetSpec('small-cnn'), 'shapes');
    expect(problems).toEqual([]);
    const units = nodeOf(adapted, 'out')!['units'];
    expect(units).toBe(named('shapes').classes.length);
    expect(changes).toContainEqual(['units', 'out', '10', units]);
  });

  it('with a quantity to predict brings a loss for quantities', () => {
    const { adapted, changes, problems } = adapt(presetSpec('xor'), 'plane');
    expect(problems).toEqual([]);
    expect(adapted.training.loss.kind).toBe('mse');
    expect(nodeOf(adapted, 'out')!['units']).toBe(1);
    expect(changes).toEqual([
      ['loss', 'out', 'cross-entropy', 'mse'],
      ['units', 'out', '2', 1]
    ]);
  });

  it('is adapted to also where a layer is called as what every object has', () => {
    const renamed = JSON.stringify(presetSpec('xor')).replaceAll('"out"', '"constructor"');
    const { adapted, problems } = adapt(JSON.parse(renamed) as Experiment, 'plane');
    expect([problems, adapted.training.heads ?? {}, adapted.training.loss.kind]).toEqual([[], {}, 'mse']);
  });

  it('with classes after quantities brings cross-entropy, though the old loss could be had', () => {
    const regression = adapt(presetSpec('xor'), 'plane').adapted;
    const { adapted, problems } = adapt(regression, 'spiral');
    expect(problems).toEqual([]);
    expect(adapted.training.loss.kind).toBe('cross-entropy');
    expect(nodeOf(adapted, 'out')!['units']).toBe(named('spiral').classes.length);
  });

  it('of images is flattened for a layer that takes rows', () => {
    const { adapted, changes, problems } = adapt(presetSpec('xor'), 'fashion-mnist-small');
    expect(problems).toEqual([]);
    expect(changes).toContainEqual(['flatten', 'flatten']);
    expect(adapted.network.edges).toContainEqual(['input', 'flatten']);
  });

  it('of rows drops what needs pixels, and leaves to the check what needs images', () => {
    const images = setPath(
      presetSpec('lenet-5'),
      'data.augment',
      ['shift', 'noise', 'mixup'].map((kind) => ({ kind }))
    );
    const { adapted, changes, problems } = adapt(images, 'moons');
    expect(adapted.data.augment.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['mixup']));
    expect(changes).toContainEqual(['augment', 'shift']);
    expect(problems.length).toBeGreaterThan(0); // a convolution has no place to look at
  });

  it('no longer asks for metrics that judge nothing, nor watches them', () => {
    let spec = setPath(presetSpec('xor'), 'training.metrics', [{ kind: 'precision' }]);
    spec = setPath(spec, 'training.earlyStopping', { monitor: 'dev.precision' });
    const { adapted, changes, problems } = adapt(spec, 'plane');
    expect(problems).toEqual([]);
    expect(adapted.training.metrics).toEqual([]);
    expect(adapted.training.earlyStopping!.monitor).toBe('dev.loss');
    expect(changes).toContainEqual(['metric', 'precision']);
  });

  it('does not take the targets of several outputs from a dataset that has others', () => {
    const { changes, problems } = adapt(presetSpec('multi-task'), 'fashion-mnist');
    expect(changes).toContainEqual(['target', 'filled']);
    expect(problems).toEqual([]);
  });
});
