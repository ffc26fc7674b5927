import { add } from './add.ts';
import { batchNorm } from './batch-norm.ts';
import { concat } from './concat.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { embedding } from './embedding.ts';
import { flatten } from './flatten.ts';
import { gelu } from './gelu.ts';
import { groupNorm } from './group-norm.ts';
import { input } from './input.ts';
import { instanceNorm } from './instance-norm.ts';
import { layerNorm } from './layer-norm.ts';
import type { LayerDefinition } from './layer.ts';
import { leakyRelu } from './leaky-relu.ts';
import { averagePool, globalAveragePool, maxPool } from './pooling.ts';
import { relu } from './relu.ts';
import { reshape } from './reshape.ts';
import { sigmoid } from './sigmoid.ts';
import { logSoftmax, softmax } from './softmax.ts';
import { softplus } from './softplus.ts';
import { tanh } from './tanh.ts';

/** Every layer, by kind, in the order of the palette. */
export const layers: Readonly<Record<string, LayerDefinition>> = Object.fromEntries(
  [
    input,
    conv2d,
    maxPool,
    averagePool,
    globalAveragePool,
    flatten,
    reshape,
    add,
    concat,
    dense,
    embedding,
    relu,
    leakyRelu,
    elu,
    gelu,
    sigmoid,
    tanh,
    softplus,
    softmax,
    logSoftmax,
    batchNorm,
    layerNorm,
    instanceNorm,
    groupNorm,
    dropout
  ].map((definition) => [definition.kind, definition])
);
