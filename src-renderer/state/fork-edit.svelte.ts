/** A fork that is being set up: the experiment with which it begins, and its one change. */
import type { StoredCheckpoint } from '../../src-worker/contract/checkpoint.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { Problem } from '../../src-worker/contract/problems.ts';
import { experimentAt } from '../../src-worker/contract/retrace.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { trainLink } from '../charts/chart-link.svelte.ts';
import { problemText } from '../controls/problem-words.ts';
import { t } from '../i18n/t.svelte.ts';
import { differencesOf } from './differences.ts';
import { draft } from './draft.svelte.ts';
import type { Edited } from './edited.ts';
import { fitsCheckpoint, forkEntries, type ForkEntry } from './fork-entries.ts';
import { lab } from './lab.svelte.ts';
import { forkFrom } from './resumption.ts';
import type { RunView } from './run-view.svelte.ts';
import { runs } from './runs.svelte.ts';
import { settings } from './settings.svelte.ts';

export class ForkEdit implements Edited {
  readonly isDraft = false;
  readonly view: RunView;
  /** Where it begins; null: with its first step. */
  from = $state.raw<StoredCheckpoint | null>(null);
  path = $state<string | null>(null);
  private value = $state.raw<unknown>(undefined);
  /** The settings with which it begins, but for the change. */
  base: Experiment = $state.raw()!;
  readonly entries = $derived(forkEntries(this.base));
  readonly entry = $derived<ForkEntry | null>(this.entries.find(({ path }) => path === this.path) ?? null);
  private readonly changed = $derived(
    this.entry && this.value !== undefined ? this.entry.with(this.base, this.value) : this.base
  );
  private readonly checked = $derived(checkExperiment(this.changed, lab.datasets));
  /** What the fork does otherwise than its parent at that moment: one line, or it is not started. */
  readonly rows = $derived(differencesOf([this.base, this.changed]).rows);
  /** What is in the way, in a sentence; null where nothing is. */
  readonly obstacle = $derived.by((): string | null => {
    if (!lab.connected) return t('frame.offline');
    if (!this.path) return t('fork.choose');
    if (this.from && !fitsCheckpoint(this.base, this.path)) return t('fork.otherLayers');
    if (this.problems[0]) return problemText(this.problems[0]);
    if (this.rows.length === 0) return t('fork.same');
    return this.rows.length > 1 ? t('fork.several') : null;
  });

  constructor(view: RunView) {
    this.view = view;
    this.base = view.experiment;
  }

  get experiment() {
    return this.checked.experiment;
  }
  get problems(): readonly Problem[] {
    return this.checked.problems;
  }
  get dataset() {
    return lab.datasets.find(({ name }) => name === this.base.data.dataset) ?? null;
  }

  get = (path: string): unknown =>
    path === this.path && this.value !== undefined ? this.value : this.entry?.read(this.base);
  setAll = (_: readonly string[], value: unknown): void => void (this.value = value);
  before = (): undefined => undefined;
  noteAt = (): undefined => undefined;
  refusalsAt = (): readonly string[] => [];

  choose(path: string | null): void {
    this.path = path;
    this.value = undefined;
  }

  /** The settings that it had there. Throws: `run_not_found`. */
  async begin(from: StoredCheckpoint | null): Promise<void> {
    const { id, experiment } = this.view;
    const base = from ? experimentAt(experiment, (await lab.api.getRun(id)).events, from) : experiment;
    Object.assign(this, { from, base });
  }

  /** Starts it on what computed the parent, where that gives the same numbers anywhere, and shows it. */
  async start(): Promise<void> {
    const { from, view, experiment } = this;
    if (this.obstacle !== null || !experiment) return;
    const more = from ? await forkFrom(view.id, from) : {};
    const parent = { run: view.id, checkpoint: from?.number ?? null };
    const known = view.picture.machine?.backend;
    const backend = known === 'wasm' || known === 'reference' ? known : 'auto';
    const threads = draft.threadsValid ? Number(draft.threads) : 0;
    const run = await runs.start({ experiment, backend, threads, parent }, more);
    settings.openRun = run.id;
    trainLink.reset();
  }
}
