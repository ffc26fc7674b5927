import type { Problem } from '../../contract/problems.ts';

/** What other libraries call the same. */
const names: Readonly<Record<string, string>> = {
  he: 'he-normal',
  xavier: 'xavier-normal',
  lecun: 'lecun-normal',
  linear: 'dense',
  fc: 'dense',
  'fully-connected': 'dense',
  conv: 'conv2d',
  convolution: 'conv2d',
  pool: 'max-pool',
  maxpool: 'max-pool',
  maxpool2d: 'max-pool',
  maxpooling2d: 'max-pool',
  avgpool: 'average-pool',
  avgpool2d: 'average-pool',
  averagepooling2d: 'average-pool',
  globalaveragepooling2d: 'global-average-pool',
  adaptiveavgpool2d: 'global-average-pool',
  gap: 'global-average-pool',
  bn: 'batch-norm',
  batchnorm: 'batch-norm',
  batchnorm1d: 'batch-norm',
  batchnorm2d: 'batch-norm',
  batchnormalization: 'batch-norm',
  ln: 'layer-norm',
  layernorm: 'layer-norm',
  groupnorm: 'group-norm',
  swish: 'gelu',
  silu: 'gelu',
  sum: 'add',
  concatenate: 'concat',
  merge: 'concat',
  lrelu: 'leaky-relu',
  leakyrelu: 'leaky-relu',
  logistic: 'sigmoid',
  bce: 'binary-cross-entropy',
  bceloss: 'binary-cross-entropy',
  bcewithlogitsloss: 'binary-cross-entropy',
  'binary-crossentropy': 'binary-cross-entropy',
  mseloss: 'mse',
  'mean-squared-error': 'mse',
  crossentropyloss: 'cross-entropy',
  'sparse-categorical-crossentropy': 'cross-entropy',
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

const settings: Readonly<Record<string, readonly string[]>> = {
  units: ['out_features', 'neurons', 'nodes', 'size', 'outputs'],
  filters: ['out_channels', 'channels', 'kernels'],
  kernel: ['kernel_size', 'kernelsize', 'pool_size', 'poolsize', 'window'],
  stride: ['strides'],
  rate: ['p', 'dropout', 'probability'],
  learningRate: ['lr', 'learning_rate', 'alpha'],
  weightDecay: ['weight_decay'],
  batchSize: ['batch_size', 'batch'],
  groups: ['num_groups'],
  width: ['embedding_dim', 'output_dim'],
  words: ['num_embeddings', 'input_dim', 'vocabulary'],
  init: ['kernel_initializer', 'initializer'],
  bias: ['use_bias']
};

/** The setting here of what is called otherwise elsewhere, where it is known at this place. */
export function settingMeant({ words }: Problem): string | undefined {
  const name = String(words['name']).toLowerCase();
  const known = String(words['choices'] ?? '').split(', ');
  return Object.keys(settings).find((setting) => settings[setting]!.includes(name) && known.includes(setting));
}

/** The name here of what is called otherwise elsewhere, where it is one of the choices. */
export function synonymOf({ value, words }: Problem): string | undefined {
  const name =
    typeof value === 'string' ? names[value.toLowerCase().replaceAll('_', '-').replaceAll(' ', '-')] : undefined;
  return name !== undefined && String(words['choices']).replaceAll('"', '').split(', ').includes(name)
    ? name
    : undefined;
}
