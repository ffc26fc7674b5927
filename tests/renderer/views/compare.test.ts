import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../src-worker/contract/lab-api.ts';
import { columnsFor, sortRuns } from '../../../src-renderer/views/compare/columns.ts';
import { choose, MOST } from '../../../src-renderer/views/compare/selection.ts';

const run = (id: number, more: Partial<RunSummary> = {}): RunSummary => ({
  id,
  name: `run ${id}`,
  status: 'completed',
  dataset: 'spiral',
  backend: 'wasm',
  optimizer: 'adam',
  learningRate: 0.001,
  parameters: 10,
  startedAtMs: id,
  endedAtMs: id + 1,
  seconds: id,
  epochs: 5,
  epochsDone: 5,
  last: null,
  best: null,
  test: null,
  parent: null,
  ...more
});
const tested = (id: number, accuracy: number | null) => run(id, { test: { loss: 1, accuracy } });
const ids = (runs: RunSummary[]) => runs.map(({ id }) => id);

describe('sorting the history', () => {
  const runs = [tested(1, 0.8), run(2), tested(3, 0.9), tested(4, 0.8)];

  it('goes by the column, newest first among equals', () => {
    expect(ids(sortRuns(runs, 'test', true))).toEqual([3, 4, 1, 2]);
  });
  it('puts runs without the value last in both directions', () => {
    expect(ids(sortRuns(runs, 'test', false))).toEqual([4, 1, 3, 2]);
  });
  it('leaves the list itself alone', () => {
    sortRuns(runs, 'id', true);
    expect(ids(runs)).toEqual([1, 2, 3, 4]);
  });
});

describe('the columns of the history', () => {
  const regression = (id: number, mae: number) =>
    run(id, {
      best: { epoch: 1, train: { loss: 1, accuracy: null }, dev: { loss: 2, accuracy: null, mae: mae + 1 } },
      test: { loss: 2, accuracy: null, mae }
    });
  const idsOf = (runs: RunSummary[]) => columnsFor(runs).map(({ id }) => id);

  it('are joined by every metric that a run has', () => {
    const shown = columnsFor([tested(1, 0.9), regression(2, 0.5), run(3, { best: regression(3, 1).best })]);
    const mae = shown.find(({ id }) => id === 'metric:mae')!;
    expect(mae).toMatchObject({ title: 'MAE', align: 'end' });
    expect([tested(1, 0.9), regression(2, 0.5), run(3, { best: regression(3, 1).best })].map(mae.value)).toEqual([
      null,
      0.5,
      2
    ]);
    expect(mae.text(tested(1, 0.9))).toBe('–');
    expect(idsOf([tested(1, 0.9)])).toContain('test');
  });
  it('say what stands for a run beside the accuracy of others', () => {
    const test = columnsFor([tested(1, 0.9), regression(2, 0.5)]).find(({ id }) => id === 'test')!;
    expect([tested(1, 0.9), regression(2, 0.5), run(3)].map(test.text)).toEqual(['90.00\u202f%', 'MAE 0.500', '–']);
    expect(test.value(regression(2, 0.5))).toBeNull();
  });
  it('leave accuracy out where nothing is right or wrong', () => {
    expect(idsOf([regression(1, 0.5)])).not.toContain('test');
    expect(idsOf([regression(1, 0.5)])).not.toContain('dev');
    expect(idsOf([])).toContain('dev');
  });
  it('sort by a metric, runs without it last', () => {
    expect(ids(sortRuns([tested(1, 0.9), regression(2, 0.5), regression(3, 0.25)], 'metric:mae', false))).toEqual([
      3, 2, 1
    ]);
  });
});

describe('choosing runs', () => {
  const rows = [9, 7, 5, 3, 1];

  it('takes one, one more, and drops it again', () => {
    const one = choose({ selected: [], anchor: null }, 7, 'only', rows);
    const two = choose(one, 3, 'toggle', rows);
    expect(two.selected).toEqual([7, 3]);
    expect(choose(two, 7, 'toggle', rows).selected).toEqual([3]);
  });
  it('takes a range in the order of the table, either way', () => {
    expect(choose({ selected: [7], anchor: 7 }, 3, 'range', rows).selected).toEqual([7, 5, 3]);
    expect(choose({ selected: [3], anchor: 3 }, 9, 'range', rows).selected).toEqual([9, 7, 5, 3]);
  });
  it('starts anew where the beginning of the range has gone', () => {
    expect(choose({ selected: [], anchor: 4 }, 5, 'range', rows).selected).toEqual([5]);
  });
  it('takes no more than can be told apart', () => {
    const many = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(choose({ selected: [1], anchor: 1 }, 100, 'range', many).selected).toHaveLength(MOST);
  });
});
