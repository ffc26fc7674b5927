import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const remediesOf = (spec: unknown) =>
  checkExperiment(spec, describedDatasets).problems.map(({ path, remedy }) => [path, remedy.split('?')[0]]);

describe('a misspelt name', () => {
  it.each<[string, unknown, string, string]>([
    ['training.batchsize', 3, 'training.batchsize', 'batchSize'],
    ['seeed', 3, 'seeed', 'seed'],
    ['data.normalise', 'none', 'data.normalise', 'normalize'],
    ['data.normalize', 'standardise', 'data.normalize', 'standardize'],
    ['data.split.training', 0.5, 'data.split.training', 'train'],
    ['data.augment', [{ kind: 'shift', pixel: 1 }], 'data.augment.0.pixel', 'pixels'],
    ['data.augment', ['flp'], 'data.augment.0.kind', 'flip'],
    ['training.clip', { kind: 'nrom', limit: 1 }, 'training.clip.kind', 'norm'],
    ['training.clip', { kind: 'norm', limit: 1, pre: 'tensor' }, 'training.clip.pre', 'per'],
    ['training.earlyStopping', { patiens: 3 }, 'training.earlyStopping.patiens', 'patience'],
    ['training.earlyStopping', { monitor: 'dev.acuracy' }, 'training.earlyStopping.monitor', 'dev.accuracy'],
    ['training.heads', { out: { los: { kind: 'mse' } } }, 'training.heads.out.los', 'loss'],
    ['training.heads', { otu: {} }, 'training.heads.otu', 'out'],
    ['training.loss.kind', 'cross-entropie', 'training.loss.kind', 'cross-entropy'],
    ['training.optimizer', { kind: 'adam', learningrate: 1 }, 'training.optimizer.learningrate', 'learningRate'],
    ['training.metrics', ['f2'], 'training.metrics.0.kind', 'f1'],
    ['network.nodes.a1.kind', 'rleu', 'network.nodes.a1.kind', 'relu'],
    ['network.nodes.h1.unit', 3, 'network.nodes.h1.unit', 'units'],
    ['network.nodes.h1.init', 'he-norml', 'network.nodes.h1.init.kind', 'he-normal'],
    ['network.nodes.h1.init', { kind: 'constant', vlaue: 1 }, 'network.nodes.h1.init.vlaue', 'value'],
    ['network.edges.1', ['flat', 'h11'], 'network.edges.1', 'h1'],
    ['data.dataset', 'fashion-mnst', 'data.dataset', 'fashion-mnist']
  ])('at %s = %j is answered with the one that is meant', (at, value, path, meant) => {
    expect(remediesOf(setPath(presetSpec('fashion-5-layer'), at, value))).toContainEqual([
      path,
      `Did you mean “${meant}”`
    ]);
  });

  it('of a column to predict is answered so, too', () => {
    const spec = setPath(presetSpec('multi-task'), 'training.heads.filled.target', ['isfilled']);
    expect(remediesOf(spec)).toContainEqual(['training.heads.filled.target', 'Did you mean “is_filled”']);
  });

  it('in a path is answered so, too', () => {
    const set = () => setPath(presetSpec('xor'), 'training.optimiser.kind', 'sgd');
    expect(set).toThrow(LabError);
    expect(set).toThrow('There is no “training.optimiser” in this experiment. Did you mean “optimizer”? Known here: ');
  });

  it('with nothing like it is answered with all that is known', () => {
    const spec = setPath(presetSpec('xor'), 'data.colour', 'red');
    expect(checkExperiment(spec, describedDatasets).problems).toMatchObject([
      {
        path: 'data.colour',
        value: 'red',
        why: '“colour” is not a setting known here',
        remedy: 'Known: dataset, limit, split, normalize, normalizeTargets, augment.'
      }
    ]);
  });

  it('that is short for a thing with settings is shown as it was given', () => {
    const spec = setPath(presetSpec('fashion-5-layer'), 'network.nodes.h1.init', 'gauss');
    expect(checkExperiment(spec, describedDatasets).problems).toMatchObject([
      { path: 'network.nodes.h1.init.kind', value: 'gauss', why: '“gauss” is not one of the known values' }
    ]);
  });
});
