/** The run that the Train place shows, if any, and how reading it went. */
import { LabError } from '../../src-worker/contract/errors.ts';
import { trainLink } from '../charts/chart-link.svelte.ts';
import { draft } from './draft.svelte.ts';
import { LiveRun } from './live-run.svelte.ts';
import { runs } from './runs.svelte.ts';
import { settings } from './settings.svelte.ts';

class OpenRun {
  error = $state.raw<Error | null>(null);
  readonly view = $derived(settings.openRun === null ? null : (runs.view(settings.openRun) ?? null));
  /** Set when this page trains it and it has not ended. */
  readonly live = $derived(this.view instanceof LiveRun && this.view.isLive ? this.view : null);

  /** Shows run `id` in Train and takes its settings over for the next run. */
  async open(id: number): Promise<void> {
    settings.place = 'train';
    settings.openRun = id;
    trainLink.reset();
    await this.read(id);
  }

  close(): void {
    settings.openRun = null;
    this.error = null;
    trainLink.reset();
  }

  /** Reads the run that was open when the page was left. */
  async restore(): Promise<void> {
    if (settings.openRun !== null) await this.read(settings.openRun);
  }

  private async read(id: number): Promise<void> {
    this.error = null;
    try {
      const view = await runs.open(id);
      if (settings.openRun === id) draft.take(view.experiment, { type: 'run', id });
    } catch (error) {
      if (settings.openRun !== id) return;
      if (error instanceof LabError && error.code === 'run_not_found') this.close();
      else this.error = error as Error;
    }
  }
}

export const openRun = new OpenRun();
