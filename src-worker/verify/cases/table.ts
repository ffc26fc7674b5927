import type { Runner } from './case.ts';
import { networkTable, outputSize, parameterCount, samePadding } from './counts.ts';
import { edge } from './edges.ts';
import { gradient, gradientCheck, gradientKink, gradientMistakes } from './gradients.ts';
import { initializer, orthogonal } from './initializers.ts';
import { activation, add, alongAxis, concat, dense, dropout, elu, gelu, leakyRelu } from './layers.ts';
import { binaryCrossEntropy, difference, softCrossEntropy, softmaxCrossEntropy } from './losses.ts';
import { flatten, residualBlock, residualProjection } from './networks.ts';
import {
  batchNormEvaluation,
  batchNormRunning,
  batchNormTraining,
  groupNorm,
  instanceNorm,
  layerNorm
} from './norms.ts';
import { optimizer } from './optimizers.ts';
import { clipNorm, clipValue, maxNorm, penalty, update } from './regularizers.ts';
import { schedule } from './schedules.ts';
import { train } from './training.ts';
import { conv2d, globalAveragePool, pool } from './windows.ts';

const plain: Readonly<Record<string, Runner>> = {
  dense,
  conv2d,
  maxpool2d: pool('max-pool'),
  avgpool2d: pool('average-pool'),
  global_avgpool2d: globalAveragePool,
  relu: activation('relu'),
  leaky_relu: leakyRelu,
  elu,
  gelu,
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  softplus: activation('softplus'),
  softmax: alongAxis('softmax'),
  log_softmax: alongAxis('log-softmax'),
  batchnorm_train: batchNormTraining,
  batchnorm_eval: batchNormEvaluation,
  batchnorm_running: batchNormRunning,
  layernorm: layerNorm,
  instancenorm: instanceNorm,
  groupnorm: groupNorm,
  flatten,
  dropout,
  add,
  concat,
  residual_block: residualBlock,
  residual_projection: residualProjection,
  softmax_ce: softmaxCrossEntropy,
  softmax_ce_soft: softCrossEntropy,
  bce: binaryCrossEntropy,
  bce_masked: binaryCrossEntropy,
  mse: difference('mse'),
  mae: difference('mae'),
  huber: difference('huber'),
  penalty,
  update,
  max_norm: maxNorm,
  clip_global_norm: clipNorm('network'),
  clip_norm_per_tensor: clipNorm('tensor'),
  clip_value: clipValue,
  optimizer,
  step: schedule('step'),
  exponential: schedule('exponential'),
  inverse_time: schedule('inverse_time'),
  polynomial: schedule('polynomial'),
  cosine: schedule('cosine'),
  warmup_cosine: schedule('warmup_cosine'),
  warmup_cosine_from_one: schedule('warmup_cosine_from_one'),
  initializer,
  orthogonal,
  train,
  gradient,
  gradcheck: gradientCheck,
  gradcheck_mistakes: gradientMistakes,
  gradcheck_kink: gradientKink,
  param_count: parameterCount,
  network_table: networkTable,
  output_size: outputSize,
  same_padding: samePadding
};

/** What runs a case, by its kind. */
export const runners: Readonly<Record<string, Runner>> = {
  ...plain,
  kink: edge(plain),
  tie: edge(plain),
  extreme: edge(plain),
  constant: edge(plain)
};
