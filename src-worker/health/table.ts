import { deadRelu } from './dead-relu.ts';
import { diverged } from './diverged.ts';
import { explodingGradients } from './exploding-gradients.ts';
import { largeUpdates } from './large-updates.ts';
import { lossRising } from './loss-rising.ts';
import { noLearning } from './no-learning.ts';
import { overfitting } from './overfitting.ts';
import type { HealthRule } from './rule.ts';
import { saturation } from './saturation.ts';
import { smallUpdates } from './small-updates.ts';
import { vanishingGradients } from './vanishing-gradients.ts';

/** Every rule, in the order in which it is told; the first of some that are found at once is nearest to the cause. */
export const healthRules: readonly HealthRule[] = [
  diverged,
  explodingGradients,
  vanishingGradients,
  deadRelu,
  saturation,
  largeUpdates,
  smallUpdates,
  lossRising,
  noLearning,
  overfitting
];
