import { describe, expect, it } from 'vitest';
import { distribution } from '../../../src-renderer/charts/dataset-columns.ts';
import { columnCount, inTurn, pickPerClass, pictureKind } from '../../../src-renderer/charts/dataset-picture.ts';
import { refusalOf } from '../../../src-renderer/state/draft.svelte.ts';
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const spiral = describedDatasets.find(({ name }) => name === 'spiral')!;
const values = [{ name: 'height', kind: 'number' as const }];

function datasetOf(classes: number, labels: readonly number[]): Dataset {
  const names = Array.from({ length: classes }, (_, label) => `class ${label}`);
  const info = {
    ...spiral,
    classes: names,
    values: classes > 0 ? [] : values,
    trainCount: labels.length,
    testCount: 0
  };
  return {
    info,
    examples: new Float32Array(2 * labels.length),
    labels: Uint8Array.from(labels),
    values: new Float32Array(classes > 0 ? 0 : labels.length)
  };
}

describe('the examples of a picture', () => {
  it('are the first of each class', () => {
    expect(pickPerClass(datasetOf(3, [1, 1, 0, 1, 0, 2]), 2)).toEqual([[2, 4], [0, 1], [5]]);
  });

  it('are the first of all, ten columns of them, where there are no classes', () => {
    const picks = pickPerClass(datasetOf(0, new Array<number>(25).fill(0)), 2);
    expect(picks).toHaveLength(10);
    expect([picks[0], picks[9]]).toEqual([
      [0, 10],
      [9, 19]
    ]);
  });

  it('leave out classes that there is no room for', () => {
    const dataset = datasetOf(
      256,
      Array.from({ length: 512 }, (_, row) => row % 256)
    );
    expect(columnCount(dataset.info)).toBe(20);
    expect(pickPerClass(dataset, 2)[19]).toEqual([19, 275]);
  });
});

describe('a set without classes', () => {
  it('is refused by a network that ends in classes, and says so', () => {
    const prices = { ...spiral, name: 'prices', classes: [], values };
    const all = [...describedDatasets, prices];
    expect(refusalOf(presetSpec('spiral'), prices, all)).toBe('values');
    expect(refusalOf(presetSpec('spiral'), spiral, all)).toBe(null);
  });
});

describe('the picture of a dataset', () => {
  it('is of its kind', () => {
    const kindOf = (...shape: number[]) => pictureKind({ ...spiral, shape });
    expect([kindOf(28, 28, 1), kindOf(2), kindOf(5), kindOf(40), kindOf(40, 3)]).toEqual([
      'images',
      'points',
      'columns',
      'lines',
      'lines'
    ]);
  });

  it('takes the classes in turn', () => {
    expect(inTurn([[2, 4, 6], [0], [5, 7]], 5)).toEqual([2, 0, 5, 4, 7]);
    expect(inTurn([[], []], 5)).toEqual([]);
  });

  it('shows how the values of a column lie', () => {
    const dataset = { ...datasetOf(2, [0, 1, 0, 1, 0]), examples: Float32Array.of(0, 7, 0, 7, 0, 7, 4, 7, 8, 7) };
    expect(distribution(dataset, 0)).toEqual([1, 0, 0, 0, 1 / 3, 0, 0, 1 / 3]);
    expect(distribution(dataset, 1)).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
  });
});
