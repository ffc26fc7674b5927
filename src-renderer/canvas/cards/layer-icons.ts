/** A sign for every layer: its own, or that of its group. */
import { layerOf } from '../../../src-worker/graph/choices.ts';
import type { IconName } from '../../controls/icons.ts';

const own: Readonly<Record<string, IconName>> = {
  dense: 'dense',
  conv2d: 'convolution',
  'max-pool': 'pooling',
  'average-pool': 'pooling',
  'global-average-pool': 'pooling',
  embedding: 'table',
  concat: 'concat',
  add: 'plus',
  sigmoid: 'sigmoid',
  tanh: 'sigmoid',
  softmax: 'sigmoid',
  'log-softmax': 'sigmoid'
};
const byGroup: Readonly<Record<string, IconName>> = {
  input: 'input',
  core: 'layer',
  activation: 'activation',
  normalization: 'normalization',
  regularization: 'dropout',
  shape: 'flatten',
  merge: 'plus'
};

export const iconOf = (kind: string): IconName =>
  (Object.hasOwn(own, kind) && own[kind]) || byGroup[layerOf(kind)?.group ?? ''] || 'layer';
