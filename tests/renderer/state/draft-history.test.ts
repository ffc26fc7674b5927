import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { DraftHistory, type DraftDocument } from '../../../src-renderer/state/draft-history.svelte.ts';

const experiment = {
  name: 'x',
  seed: 1,
  network: { nodes: [{ id: 'a', kind: 'dense' }], edges: [] }
} as unknown as Experiment;
const seed = (value: number) => (document: DraftDocument) => ({
  ...document,
  experiment: { ...document.experiment, seed: value }
});
const seedOf = (history: DraftHistory) => history.document.experiment.seed;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('every edit is undone and done again, one by one', () => {
  const history = new DraftHistory({ experiment, layout: {} });
  for (const value of [2, 3, 4]) history.edit('set', seed(value));
  expect([history.canUndo, history.canRedo, seedOf(history)]).toEqual([true, false, 4]);
  const seen = [];
  while (history.canUndo) {
    history.undo();
    seen.push(seedOf(history));
  }
  while (history.canRedo) {
    history.redo();
    seen.push(seedOf(history));
  }
  expect(seen).toEqual([3, 2, 1, 2, 3, 4]);
});

test('an edit after an undo drops what could have been done again', () => {
  const history = new DraftHistory({ experiment, layout: {} });
  history.edit('set', seed(2));
  history.undo();
  history.edit('set', seed(5));
  expect([history.canRedo, history.edits.length, seedOf(history)]).toEqual([false, 1, 5]);
});

test('an edit that changes nothing is no step', () => {
  const history = new DraftHistory({ experiment, layout: {} });
  history.edit('set', (document) => structuredClone(document));
  expect(history.canUndo).toBe(false);
});

test('edits of one thing within a second are one step, those after a pause are not', () => {
  const history = new DraftHistory({ experiment, layout: {} });
  history.edit('set', seed(12), 'seed');
  history.edit('set', seed(123), 'seed');
  vi.advanceTimersByTime(1001);
  history.edit('set', seed(9), 'seed');
  expect(history.edits.length).toBe(2);
  history.undo();
  expect(seedOf(history)).toBe(123);
  history.undo();
  expect(seedOf(history)).toBe(1);
});

test('what is typed in one go is kept as one small edit, and as none when all is as it was', () => {
  const history = new DraftHistory({ experiment, layout: {} });
  for (let value = 2; value <= 100; value++) history.edit('set', seed(value), 'seed');
  expect(history.edits).toMatchObject([
    {
      forward: [{ op: 'replace', path: '/experiment/seed', value: 100 }],
      backward: [{ op: 'replace', path: '/experiment/seed', value: 1 }]
    }
  ]);
  history.edit('set', seed(1), 'seed');
  expect([history.edits, history.at, history.canUndo]).toEqual([[], 0, false]);
});
