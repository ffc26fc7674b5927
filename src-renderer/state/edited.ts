/** What rows of settings read and write: the draft, a run while it trains, or the one change of a fork. */
import { getContext, setContext } from 'svelte';
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { Problem } from '../../src-worker/contract/problems.ts';
import { draft } from './draft.svelte.ts';

export interface Edited {
  get(path: string): unknown;
  setAll(paths: readonly string[], value: unknown): void;
  readonly problems: readonly Problem[];
  /** What is edited, where all of it could be read. */
  readonly experiment: Experiment | null;
  readonly dataset: DatasetInfo | null;
  /** Defaults are told, and a click mends what is wrong: only a draft is edited so. */
  readonly isDraft: boolean;
  /** The value before it was changed; undefined where it was not. */
  before(path: string): unknown;
  /** A word on the setting, under its name. */
  noteAt(path: string): string | undefined;
  /** Why the last change of it was turned down, beside `problems`. */
  refusalsAt(path: string): readonly string[];
}

const nextDraft: Edited = {
  get: (path) => draft.get(path),
  setAll: (paths, value) => draft.setAll(paths, value),
  get problems() {
    return draft.report.problems;
  },
  get experiment() {
    return draft.report.experiment;
  },
  get dataset() {
    return draft.dataset ?? null;
  },
  isDraft: true,
  // The inspector tells a setting from its default, the report what was changed.
  before: () => undefined,
  noteAt: () => undefined,
  refusalsAt: () => []
};

const KEY = Symbol('edited');

/** All rows inside the component that calls it edit this. */
export const edit = (edited: Edited): Edited => setContext(KEY, edited);

/** What the rows around here edit; the draft unless it was said. */
export const edited = (): Edited => getContext<Edited | undefined>(KEY) ?? nextDraft;
