import { least } from 'd3';

/** Weights to choose from: they lie along 1 − β by decades, so that each step is felt. */
export const smoothingWeights = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999] as const;

/** The weight that looks back over about a quarter of an epoch: the noise of batches goes, the shape of the curve stays. */
export function usualWeight(stepsPerEpoch: number): number {
  const wanted = 1 - 4 / Math.max(stepsPerEpoch, 8);
  const distance = (weight: number) => Math.abs(Math.log((1 - weight) / (1 - wanted)));
  return least(smoothingWeights, distance) ?? 0;
}

/**
 * Debiased exponential moving average:
 *
 *   m ← β·m + (1−β)·x          y = m / (1−βᵗ)
 *
 * `span` is the number of original values behind each entry of `values`; β is raised to it, so that a coarser series is smoothed
 * over the same number of steps. A NaN gives NaN and leaves the average as it was.
 * Source: Kingma & Ba 2015, arXiv:1412.6980, section 3 (initialization bias correction).
 */
export function smooth(values: Float32Array, length: number, weight: number, span = 1): Float32Array {
  const out = new Float32Array(length);
  const beta = weight ** span;
  let average = 0;
  let left = 1; // βᵗ
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      out[i] = NaN;
      continue;
    }
    average = beta * average + (1 - beta) * value;
    left *= beta;
    out[i] = average / (1 - left);
  }
  return out;
}
