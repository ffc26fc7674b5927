import { add } from './add.ts';
import { batchNorm } from './batch-norm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { flatten } from './flatten.ts';
import { gelu } from './gelu.ts';
import { input } from './input.ts';
import type { LayerDefinition } from './layer.ts';
import { leakyRelu } from './leaky-relu.ts';
import { averagePool, globalAveragePool, maxPool } from './pooling.ts';
import { relu } from './relu.ts';
import { reshape } from './reshape.ts';
import { sigmoid } from './sigmoid.ts';
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
    dense,
    relu,
    leakyRelu,
    elu,
    gelu,
    sigmoid,
    tanh,
    softplus,
    batchNorm,
    dropout
  ].map((definition) => [definition.kind, definition])
);
