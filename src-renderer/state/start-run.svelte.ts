/** Starting a run from the draft, with what can go wrong on the way. */
import { LabError } from '../../src-worker/contract/errors.ts';
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
    const { experiment } = draft.report;
    if (!this.possible || !experiment) return;
    this.busy = true;
    this.error = null;
    try {
      const run = await runs.start({ experiment, backend: draft.backend, threads: Number(draft.threads) });
      settings.openRun = run.id;
      settings.place = 'train';
      trainLink.reset();
      draft.take(run.experiment, { type: 'run', id: run.id });
    } catch (error) {
      this.error = error instanceof Error ? error : new LabError('internal', String(error));
    } finally {
      this.busy = false;
    }
  }
}

/** Sets the draft to the first step for a newcomer: the five-layer network on the images that come with the lab. */
export function takeFirst(): void {
  const preset = lab.presets.find(({ name }) => name === 'fashion-5-layer') ?? lab.presets[0];
  if (!preset) return;
  draft.takePreset(preset);
  const embedded = lab.datasets.find(({ origin }) => origin === 'embedded');
  if (preset.name !== 'fashion-5-layer' || !embedded) return;
  draft.take(
    { ...preset.experiment, data: { ...preset.experiment.data, dataset: embedded.name } },
    { type: 'preset', preset }
  );
}

export const startRun = new StartRun();
