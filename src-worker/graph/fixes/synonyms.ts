import type { Problem } from '../../contract/problems.ts';

/** What other libraries call the same. */
const names: Readonly<Record<string, string>> = {
  linear: 'dense',
  fc: 'dense',
  'fully-connected': 'dense',
  conv: 'conv2d',
  convolution: 'conv2d',
  pool: 'max-pool',
  maxpooling2d: 'max-pool',
  avgpool: 'average-pool',
  averagepooling2d: 'average-pool',
  gap: 'global-average-pool',
  bn: 'batch-norm',
  batchnormalization: 'batch-norm',
  ln: 'layer-norm',
  swish: 'gelu',
  silu: 'gelu',
  sum: 'add',
  concatenate: 'concat',
  merge: 'concat',
  lrelu: 'leaky-relu',
  logistic: 'sigmoid',
  bce: 'binary-cross-entropy',
  nll: 'cross-entropy',
  'categorical-crossentropy': 'cross-entropy',
  l2: 'mse',
  l1: 'mae',
  'smooth-l1': 'huber',
  nag: 'nesterov',
  glorot: 'xavier-uniform',
  'glorot-uniform': 'xavier-uniform',
  'glorot-normal': 'xavier-normal',
  kaiming: 'he-normal',
  'kaiming-normal': 'he-normal',
  'kaiming-uniform': 'he-uniform'
};

/** The name here of what is called otherwise elsewhere, where it is one of the choices. */
export function synonymOf({ value, words }: Problem): string | undefined {
  const name =
    typeof value === 'string' ? names[value.toLowerCase().replaceAll('_', '-').replaceAll(' ', '-')] : undefined;
  return name !== undefined && String(words['choices']).replaceAll('"', '').split(', ').includes(name)
    ? name
    : undefined;
}
