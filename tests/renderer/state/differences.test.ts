import { describe, expect, it } from 'vitest';
import { experimentSchema, type Experiment } from '../../../src-worker/contract/experiment.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { differencesOf } from '../../../src-renderer/state/differences.ts';

const base: Experiment = experimentSchema.parse({
  version: 1,
  name: 'a',
  data: { dataset: 'spiral', split: { train: 0.8, dev: 0.2 } },
  network: {
    nodes: [
      { id: 'input', kind: 'input' },
      { id: 'h1', kind: 'dense', units: 8, init: { kind: 'he-normal' }, bias: true }
    ],
    edges: [['input', 'h1']]
  },
  training: { optimizer: { kind: 'adam', learningRate: 0.001, beta1: 0.9 }, batchSize: 10, epochs: 5 }
});
const pathsOf = (...experiments: Experiment[]) => differencesOf(experiments).rows.map(({ path }) => path);

describe('what differs between experiments', () => {
  it('is nothing for the same settings under another name', () => {
    expect(pathsOf(base, { ...base, name: 'b' })).toEqual([]);
  });

  it('names a layer’s setting by the layer’s id', () => {
    expect(differencesOf([base, setPath(base, 'network.nodes.h1.units', 16)]).rows).toEqual([
      { path: 'network.nodes.h1.units', values: [8, 16] }
    ]);
  });

  it('puts first what is tuned first', () => {
    const other = {
      ...setPath(setPath(base, 'training.batchSize', 20), 'training.optimizer.learningRate', 0.01),
      seed: 1
    };
    expect(pathsOf(base, other)).toEqual(['training.optimizer.learningRate', 'training.batchSize', 'seed']);
  });

  it('leaves out settings that only one of two optimizers has', () => {
    expect(pathsOf(base, setPath(base, 'training.optimizer', { kind: 'sgd', learningRate: 0.001 }))).toEqual([
      'training.optimizer.kind'
    ]);
  });

  it('shows such a setting where it differs among those that have it', () => {
    const sgd = setPath(base, 'training.optimizer', { kind: 'sgd', learningRate: 0.001 });
    expect(pathsOf(base, setPath(base, 'training.optimizer.beta1', 0.8), sgd)).toEqual([
      'training.optimizer.kind',
      'training.optimizer.beta1'
    ]);
  });

  it('shows what only one has as a whole', () => {
    const noisy = setPath(base, 'data.augment', [{ kind: 'noise', sd: 0.1 }]);
    expect(differencesOf([base, noisy]).rows).toEqual([
      { path: 'data.augment', values: [[], [{ kind: 'noise', sd: 0.1 }]] }
    ]);
    const clipped = setPath(base, 'training.clip', { kind: 'value', limit: 1 });
    expect(differencesOf([base, clipped]).rows).toEqual([
      { path: 'training.clip', values: [null, { kind: 'value', limit: 1 }] }
    ]);
    const nodes = [...base.network.nodes, { id: 'a1', kind: 'relu' }];
    expect(differencesOf([base, setPath(base, 'network.nodes', nodes)]).rows).toEqual([
      { path: 'network.nodes.a1', values: [undefined, { kind: 'relu' }] }
    ]);
  });

  it('counts the settings that all share', () => {
    const one = differencesOf([base, setPath(base, 'seed', 1)]).same;
    expect(differencesOf([base, setPath(setPath(base, 'seed', 1), 'training.epochs', 9)]).same).toBe(one - 1);
  });

  it('shows changed wires as one row', () => {
    expect(pathsOf(base, { ...base, network: { ...base.network, edges: [] } })).toEqual(['network.edges']);
  });
});
