/**
 * What each classic experiment is known for, as code over its results. A claim is never tuned to what a run happened to give: the
 * settings are those of the literature, and what does not hold is reported.
 */
import { batchNorm } from './claims/batch-norm.ts';
import { batchSize } from './claims/batch-size.ts';
import type { Claim } from './claims/claim.ts';
import { deepLinear, vanishingGradients } from './claims/gradients.ts';
import { dropout, earlyStopping, weightDecay } from './claims/overfitting.ts';
import { initialWeights } from './claims/initial-weights.ts';
import { normalization } from './claims/normalization.ts';
import { optimizers } from './claims/optimizers.ts';
import { search } from './claims/search.ts';
import { weightPenalties } from './claims/weight-penalties.ts';

export const claims: Readonly<Record<string, readonly Claim[]>> = {
  optimizers,
  'initial-weights': initialWeights,
  'batch-norm': batchNorm,
  'weight-decay': weightDecay,
  dropout,
  'early-stopping': earlyStopping,
  'batch-size': batchSize,
  search,
  'weight-penalties': weightPenalties,
  normalization,
  'vanishing-gradients': vanishingGradients,
  'deep-linear': deepLinear
};
