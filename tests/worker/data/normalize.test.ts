import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import { expandNormalization, fitNormalization } from '../../../src-worker/data/normalize.ts';

function datasetOf(shape: number[], examples: Uint8Array | Float32Array): Dataset {
  const trainCount = examples.length / shape.reduce((a, b) => a * b, 1);
  const encoding = examples instanceof Uint8Array ? 'bytes' : 'floats';
  const about = { name: 'test', title: 'Test', origin: 'user', license: 'MIT', source: 'test' } as const;
  return {
    info: { ...about, shape, classes: ['a', 'b'], values: [], trainCount, testCount: 0, encoding },
    examples,
    labels: new Uint8Array(trainCount),
    values: new Float32Array()
  };
}
/** What the network sees of one example. */
function seen(dataset: Dataset, fit: ReturnType<typeof fitNormalization>, row: number): number[] {
  const { scale, shift } = expandNormalization(fit, dataset.info);
  return Array.from(scale, (factor, at) => dataset.examples[row * scale.length + at]! * factor + shift[at]!);
}
const columns = datasetOf([2], Float32Array.of(1, 10, 2, 10, 3, 10, 6, 10, 1000, 7));
const rows = Int32Array.of(0, 1, 2, 3);
const image = datasetOf([1, 2, 2], Uint8Array.of(0, 255, 102, 255, 51, 255, 51, 255));

describe('standardize', () => {
  it('fits mean and standard deviation of each column on the training rows alone', () => {
    const { shift, scale } = fitNormalization('standardize', columns, rows);
    expect(shift).toEqual([3, 10]);
    expect(scale[0]).toBeCloseTo(Math.sqrt(3.5), 14); // (4 + 1 + 0 + 9) / 4
  });

  it('gives a column that never changes the scale 1, so that it becomes 0', () => {
    const fit = fitNormalization('standardize', columns, rows);
    expect(fit.scale[1]).toBe(1);
    expect(seen(columns, fit, 0)[1]).toBe(0);
  });

  it('finds no spread in a constant whose sum rounds', () => {
    const constant = datasetOf([1], new Float32Array(1000).fill(0.1));
    const fit = fitNormalization(
      'standardize',
      constant,
      Int32Array.from({ length: 1000 }, (_, row) => row)
    );
    expect(fit).toEqual({ shift: [Math.fround(0.1)], scale: [1] });
  });

  it('fits one value per channel of an image, bytes counted as byte / 255', () => {
    const { shift, scale } = fitNormalization('standardize', image, Int32Array.of(0, 1));
    expect(shift[0]).toBeCloseTo(0.2, 15); // 0, 102, 51, 51
    expect(shift[1]).toBeCloseTo(1, 15);
    expect(scale[0]).toBeCloseTo(Math.sqrt((51 ** 2 + 51 ** 2) / 4) / 255, 15);
    expect(scale[1]).toBe(1);
  });

  it('expands to factors for stored bytes with which the training rows have mean 0 and variance 1', () => {
    const fit = fitNormalization('standardize', image, Int32Array.of(0, 1));
    const first = [...seen(image, fit, 0), ...seen(image, fit, 1)].filter((_, at) => at % 2 === 0);
    expect(first.reduce((a, b) => a + b, 0) / 4).toBeCloseTo(0, 6);
    expect(first.reduce((a, b) => a + b * b, 0) / 4).toBeCloseTo(1, 6);
  });
});

describe('min-max', () => {
  it('maps the training rows onto 0 … 1', () => {
    const fit = fitNormalization('min-max', columns, rows);
    expect(fit).toEqual({ shift: [1, 10], scale: [5, 1] });
    expect(rows.reduce((all, row) => [...all, seen(columns, fit, row)[0]!], [] as number[])).toEqual(
      [0, 0.2, 0.4, 1].map((v) => expect.closeTo(v, 6))
    );
  });

  it('reads bytes as 0 … 1 first', () => {
    const fit = fitNormalization('min-max', image, Int32Array.of(0, 1));
    expect(fit.scale).toEqual([expect.closeTo(0.4, 15), 1]);
    expect(seen(image, fit, 0)).toEqual([0, 0, 1, 0].map((v) => expect.closeTo(v, 6)));
  });
});

describe('none', () => {
  it('leaves floats as they are and bytes as byte / 255', () => {
    expect(seen(columns, fitNormalization('none', columns, rows), 4)).toEqual([1000, 7]);
    expect(seen(image, fitNormalization('none', image, rows), 0)).toEqual(
      [0, 1, 0.4, 1].map((v) => expect.closeTo(v, 6))
    );
  });
});
