/** Statistics of the training rows, and how they turn stored values into what the network sees. */
import type { Dataset, DatasetInfo } from '../contract/dataset.ts';
import type { Normalization } from '../contract/experiment.ts';

/**
 * One value per channel of an image, or per column: x = (value − shift) / scale. They belong to the model and are kept with the run.
 *
 * Units: a byte counts as byte / 255. `standardize`: mean and standard deviation (divisor n); `min-max`: minimum and range; `none`:
 * 0 and 1. A channel that never changes has scale 1.
 */
export interface NormalizationFit {
  readonly shift: number[];
  readonly scale: number[];
}

/** Fits on the given rows alone, in float64, so that nothing is learned from dev or test. */
export function fitNormalization(kind: Normalization, dataset: Dataset, trainRows: Int32Array): NormalizationFit {
  const channels = channelsOf(dataset.info);
  const unit = unitOf(dataset.info);
  const identity = { shift: new Array<number>(channels).fill(0), scale: new Array<number>(channels).fill(1) };
  if (kind === 'none' || trainRows.length === 0) return identity;
  const { shift, scale } =
    kind === 'standardize' ? meanAndDeviation(dataset, trainRows) : minimumAndRange(dataset, trainRows);
  return {
    shift: Array.from(shift, (value) => value * unit),
    scale: Array.from(scale, (value) => value * unit || 1)
  };
}

/** Factors for each stored input value: x[i] = stored[i] · scale[i] + shift[i]. For bytes the 1/255 is folded in. */
export function expandNormalization(
  fit: NormalizationFit,
  info: DatasetInfo
): { scale: Float32Array; shift: Float32Array } {
  const values = valuesOf(info);
  const channels = channelsOf(info);
  const unit = unitOf(info);
  return {
    scale: Float32Array.from({ length: values }, (_, at) => unit / fit.scale[at % channels]!),
    shift: Float32Array.from({ length: values }, (_, at) => -fit.shift[at % channels]! / fit.scale[at % channels]! || 0)
  };
}

interface Statistics {
  shift: Float64Array;
  scale: Float64Array;
}

/** Two passes. Deviations are taken from the first example, so that a channel that never changes has a deviation of exactly 0. */
function meanAndDeviation(dataset: Dataset, rows: Int32Array): Statistics {
  const channels = channelsOf(dataset.info);
  const values = valuesOf(dataset.info);
  const count = (rows.length * values) / channels;
  const first = Float64Array.from(dataset.examples.subarray(rows[0]! * values, rows[0]! * values + channels));
  const shift = sumOfPowers(dataset, rows, first, 1).map((sum, channel) => first[channel]! + sum / count);
  const scale = sumOfPowers(dataset, rows, shift, 2).map((sum) => Math.sqrt(sum / count));
  return { shift, scale };
}

/** Σ (value − centre)ᵖ of each channel. Plain loops: this reads every training value, 42 million of Fashion-MNIST. */
function sumOfPowers({ info, examples }: Dataset, rows: Int32Array, centre: Float64Array, power: 1 | 2): Float64Array {
  const values = valuesOf(info);
  const sums = new Float64Array(centre.length);
  for (const row of rows)
    for (let channel = 0; channel < centre.length; channel++) {
      const from = centre[channel]!;
      let sum = 0;
      for (let at = row * values + channel, end = (row + 1) * values; at < end; at += centre.length) {
        const difference = examples[at]! - from;
        sum += power === 1 ? difference : difference * difference;
      }
      sums[channel]! += sum;
    }
  return sums;
}

function minimumAndRange({ info, examples }: Dataset, rows: Int32Array): Statistics {
  const values = valuesOf(info);
  const channels = channelsOf(info);
  const shift = new Float64Array(channels).fill(Infinity);
  const maximum = new Float64Array(channels).fill(-Infinity);
  for (const row of rows)
    for (let at = 0; at < values; at++) {
      const value = examples[row * values + at]!;
      const channel = at % channels;
      if (value < shift[channel]!) shift[channel] = value;
      if (value > maximum[channel]!) maximum[channel] = value;
    }
  return { shift, scale: maximum.map((highest, channel) => highest - shift[channel]!) };
}

const valuesOf = (info: DatasetInfo): number => info.shape.reduce((a, b) => a * b, 1);
/** Images have channels last; anything else is columns. */
const channelsOf = (info: DatasetInfo): number => (info.shape.length === 3 ? info.shape[2]! : valuesOf(info));
const unitOf = (info: DatasetInfo): number => (info.encoding === 'bytes' ? 1 / 255 : 1);
