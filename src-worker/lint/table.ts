import { activationOnOutput } from './activation-on-output.ts';
import { batchNormSmallBatch } from './batch-norm-small-batch.ts';
import { batchSize } from './batch-size.ts';
import { biasBeforeBatchNorm } from './bias-before-batch-norm.ts';
import { dropoutBeforeBatchNorm } from './dropout-before-batch-norm.ts';
import { dropoutOnInput } from './dropout-on-input.ts';
import { dropoutOnOutput } from './dropout-on-output.ts';
import { dropoutRate } from './dropout-rate.ts';
import { heavyDense } from './heavy-dense.ts';
import { idleActivation } from './idle-activation.ts';
import { initForActivation } from './init-for-activation.ts';
import { inputsNotNormalized } from './inputs-not-normalized.ts';
import { l2WithAdam } from './l2-with-adam.ts';
import { learningRate } from './learning-rate.ts';
import { linearStack } from './linear-stack.ts';
import { noDevSet } from './no-dev-set.ts';
import type { Rule } from './rule.ts';
import { saturatingStack } from './saturating-stack.ts';
import { smallInitialWeights } from './small-initial-weights.ts';
import { softmaxTwice } from './softmax-twice.ts';
import { squaresForClasses } from './squares-for-classes.ts';

/** Every rule, in the order in which its advice is given. */
export const rules: readonly Rule[] = [
  inputsNotNormalized,
  dropoutOnInput,
  dropoutOnOutput,
  dropoutRate,
  dropoutBeforeBatchNorm,
  biasBeforeBatchNorm,
  batchNormSmallBatch,
  squaresForClasses,
  softmaxTwice,
  activationOnOutput,
  idleActivation,
  linearStack,
  saturatingStack,
  smallInitialWeights,
  initForActivation,
  heavyDense,
  learningRate,
  l2WithAdam,
  batchSize,
  noDevSet
];
