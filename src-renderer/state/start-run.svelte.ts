/** Starting a run from the draft, with what can go wrong on the way. */
import { LabError } from '../../src-worker/contract/errors.ts';
import type { Preset } from '../../src-worker/contract/lab-api.ts';
import { problemText } from '../controls/problem-words.ts';
import { t } from '../i18n/t.svelte.ts';
import { trainLink } from '../charts/chart-link.svelte.ts';
import { build } from './build.svelte.ts';
import { draft } from './draft.svelte.ts';
import { lab } from './lab.svelte.ts';
import { notices } from './notices.svelte.ts';
import { runs } from './runs.svelte.ts';
import { settings } from './settings.svelte.ts';

class StartRun {
  busy = $state(false);
  error = $state.raw<Error | null>(null);
  /** What is in the way of a run, in one sentence; null where nothing is. */
  readonly obstacle = $derived.by((): string | null => {
    if (!lab.connected) return t('frame.offline');
    if (this.busy) return t('start.busy');
    const [first, ...others] = draft.problems;
    if (first)
      return others.length === 0
        ? problemText(first)
        : t('start.problems', { n: others.length, first: problemText(first) });
    return draft.report.experiment === null || !draft.threadsValid ? t('start.settings') : null;
  });
  readonly possible = $derived(this.obstacle === null);

  /** Starts a run, or says what is in the way, and shows the layer where that is. */
  async startOrTell(): Promise<void> {
    if (this.obstacle === null) return this.start();
    const node = draft.problems.find((problem) => problem.node !== null)?.node;
    if (node) build.selected = [node];
    notices.takeBack('start');
    notices.add({ kind: 'bad', title: t('start.cannot'), text: this.obstacle, about: 'start' });
  }

  async start(): Promise<void> {
    notices.takeBack('start');
    const { experiment: typed, report, saver } = draft;
    if (!this.possible || !typed || !report.experiment) return;
    this.busy = true;
    this.error = null;
    try {
      const run = await runs.start({
        experiment: report.experiment,
        backend: draft.backend,
        threads: Number(draft.threads)
      });
      settings.openRun = run.id;
      trainLink.reset();
      if (draft.saver === saver) draft.rebase({ type: 'run', id: run.id }, typed); // another draft may be open by then
    } catch (error) {
      this.error = error instanceof Error ? error : new LabError('internal', String(error));
    } finally {
      settings.place = 'train';
      this.busy = false;
    }
  }
}

/** The first step for a newcomer: the five-layer network. */
export const firstPreset = (): Preset | undefined =>
  lab.presets.find(({ name }) => name === 'fashion-5-layer') ?? lab.presets[0];

/** Sets the draft to the first step for a newcomer, on the images that come with the lab. */
export function takeFirst(): void {
  const preset = firstPreset();
  if (!preset) return;
  const embedded = lab.datasets.find(({ origin }) => origin === 'embedded');
  if (preset.name !== 'fashion-5-layer' || !embedded) return draft.takePreset(preset);
  draft.take(
    { ...preset.experiment, data: { ...preset.experiment.data, dataset: embedded.name } },
    { type: 'preset', name: preset.name }
  );
}

export const startRun = new StartRun();
