/** How quantities to predict become what a network learns, and how its answers become quantities again. */
import type { Dataset } from '../contract/dataset.ts';
import type { TargetNormalization } from '../contract/experiment.ts';
import type { NormalizationFit } from './normalize.ts';

/**
 * One pair of numbers per target column: learned = (value − shift) / scale. Fits on the given rows alone, in float64.
 *
 * `standardize`: mean and standard deviation (divisor n) of the values that are known; `none`: 0 and 1. A column of yes and no is left
 * as it is, and one that never changes has scale 1.
 */
export function fitTargets(
  kind: TargetNormalization,
  { info, values }: Pick<Dataset, 'info' | 'values'>,
  trainRows: Int32Array
): NormalizationFit {
  const columns = info.values.length;
  const fits = info.values.map(({ kind: of }, column) => {
    if (kind === 'none' || of === 'binary') return { shift: 0, scale: 1 };
    const all = Float64Array.from(trainRows, (row) => values[row * columns + column]!);
    return meanAndDeviation(all.filter((value) => !Number.isNaN(value)));
  });
  return { shift: fits.map(({ shift }) => shift), scale: fits.map(({ scale }) => scale) };
}

/** Deviations are taken from the first value, so that a column that never changes has a deviation of exactly 0. */
function meanAndDeviation(values: Float64Array): { shift: number; scale: number } {
  const [first = 0] = values;
  const shift = first + mean(values.map((value) => value - first));
  return { shift, scale: Math.sqrt(mean(values.map((value) => (value - shift) ** 2))) || 1 };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);

/** The values of all rows as they are learned. Shape: as `values`, (rows, target columns). */
export function learnedOf({ shift, scale }: NormalizationFit, values: Float32Array): Float32Array {
  const columns = shift.length;
  return values.map((value, at) => (value - shift[at % columns]!) / scale[at % columns]!);
}

/** Learned values or outputs as quantities again. Shape: (rows, columns.length), with the numbers of the columns that they belong to. */
export function quantitiesOf(
  { shift, scale }: NormalizationFit,
  columns: readonly number[],
  learned: ArrayLike<number>
): Float64Array {
  return Float64Array.from(learned, (value, at) => {
    const column = columns[at % columns.length]!;
    return value * scale[column]! + shift[column]!;
  });
}
