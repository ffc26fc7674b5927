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

  /** Shows run `id` in Train; the draft stays as it is. */
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

  /** The open run's experiment is not what the draft began with. */
  readonly canTake = $derived(this.view !== null && !(draft.basis?.type === 'run' && draft.basis.id === this.view.id));

  /** Makes a new draft of the open run. */
  take(): void {
    if (this.view) draft.take(this.view.experiment, { type: 'run', id: this.view.id });
  }

  /** Reads the run that was open when the page was left. */
  async restore(): Promise<void> {
    if (settings.openRun !== null) await this.read(settings.openRun);
  }

  private async read(id: number): Promise<void> {
    this.error = null;
    try {
      await runs.open(id);
    } catch (error) {
      if (settings.openRun !== id) return;
      if (error instanceof LabError && error.code === 'run_not_found') this.close();
      else this.error = error as Error;
    }
  }
}

export const openRun = new OpenRun();
