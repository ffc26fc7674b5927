/** Starting a run from the draft, with what can go wrong on the way. */
import { LabError } from '../../src-worker/contract/errors.ts';
import type { Preset } from '../../src-worker/contract/lab-api.ts';
import { trainLink } from '../charts/chart-link.svelte.ts';
import { draft } from './draft.svelte.ts';
import { lab } from './lab.svelte.ts';
import { runs } from './runs.svelte.ts';
import { settings } from './settings.svelte.ts';

class StartRun {
  busy = $state(false);
  error = $state.raw<Error | null>(null);
  readonly possible = $derived(lab.connected && !this.busy && draft.report.experiment !== null && draft.threadsValid);

  async start(): Promise<void> {
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
