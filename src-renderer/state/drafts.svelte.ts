/** The drafts of the store, and what a person does with one as a whole: open, make, copy, put away. */
import type { DraftRecord, DraftSummary } from '../../src-worker/contract/drafts.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { saveFile } from '../charts/export.ts';
import { t } from '../i18n/t.svelte.ts';
import { blocks } from './blocks.svelte.ts';
import { draft, renamed } from './draft.svelte.ts';
import { chance, type DraftSaver } from './draft-saver.svelte.ts';
import { experimentText, fileName } from './experiment-file.ts';
import { lab } from './lab.svelte.ts';
import { notices } from './notices.svelte.ts';
import { runs } from './runs.svelte.ts';
import { settings } from './settings.svelte.ts';
import { firstPreset, takeFirst } from './start-run.svelte.ts';

export type DraftDialog = 'open' | 'save-as' | 'rename' | 'trash';

/** What the dialog gives another name. */
export interface Renamed {
  readonly name: string;
  readonly rename: (name: string) => unknown;
}

/** Older edits are read so many at a time. */
const EDITS_PER_READ = 2000;

class Drafts {
  /** The one changed last first, those in the trash too. */
  all = $state.raw<readonly DraftSummary[]>([]);
  readonly here = $derived(this.all.filter(({ trashedAtMs }) => trashedAtMs === null));
  readonly trashed = $derived(this.all.filter(({ trashedAtMs }) => trashedAtMs !== null));
  /** Which of the dialogs about drafts is open. */
  dialog = $state<DraftDialog | null>(null);
  renamed = $state.raw<Renamed | null>(null);
  /** The name of the open draft is being typed in the top bar. */
  renaming = $state(false);
  /** What was undone or done again last, for screen readers. */
  said = $state('');

  async load(): Promise<void> {
    this.all = await lab.api.listDrafts();
  }

  /** For a dialog: what cannot be read is told. */
  loadShown(): Promise<void> {
    return this.telling(() => Promise.all([this.load(), blocks.load()]));
  }

  /** The draft that was open when the page was left, else the first step for a newcomer. */
  async restore(): Promise<void> {
    draft.onConflict = (saver) => this.keepAsCopy(saver);
    const id = settings.openDraft;
    if (id === null) return takeFirst();
    try {
      const record = await lab.api.openDraft(id);
      if (record.summary.trashedAtMs === null) return this.show(record);
    } catch (error) {
      if (!(error instanceof LabError && error.code === 'draft_not_found')) throw error;
    }
    takeFirst();
  }

  async open(id: string): Promise<void> {
    settings.place = 'build';
    if (id === draft.saver?.id) return;
    await this.telling(() => this.read(id));
  }

  /** Makes a draft of a stored run. */
  async takeRun(id: number): Promise<void> {
    settings.place = 'build';
    await this.telling(async () => draft.take((await runs.open(id)).experiment, { type: 'run', id }));
  }

  /** An input and no layer yet, to be trained as the first preset is. */
  make(): void {
    const preset = firstPreset();
    if (!preset) return;
    const { experiment: first } = checkExperiment(preset.experiment, lab.datasets);
    const { data, training, ...rest } = first ?? preset.experiment;
    const network = { nodes: [{ id: 'input', kind: 'input' }], edges: [] };
    const dataset = draft.dataset?.name ?? data.dataset;
    settings.place = 'build';
    draft.take(
      { ...rest, name: t('draft.untitled'), data: { ...data, dataset }, network, training: { ...training, heads: {} } },
      { type: 'new' }
    );
  }

  /** Goes on with a copy under another name; the draft stays as it is. */
  async copy(name: string): Promise<void> {
    await this.telling(async () => {
      const from = draft.saver;
      await from?.flush();
      if (!from || from.error) throw from?.error ?? new LabError('draft_not_found', t('draft.none'));
      const to = chance();
      await lab.api.copyDraft({ id: from.id, to, name });
      await this.read(to);
      settings.place = 'build';
    });
  }

  duplicate(): Promise<void> {
    return this.copy(copyName(draft.experiment));
  }

  /** The draft that is open gives way to the one changed last before it. */
  async trash(id: string): Promise<void> {
    await this.telling(async () => {
      if (id === draft.saver?.id) await draft.saver.flush();
      await lab.api.trashDraft(id);
      await this.load();
      const name = nameOf(this.all.find((one) => one.id === id));
      const undo = { label: t('draft.undoTrash'), run: () => this.restoreFromTrash(id) };
      const [title, text] = [t('draft.trashed', { name }), t('draft.trashedText')];
      notices.add({ kind: 'done', title, text, action: undo, about: `trash ${id}` });
      if (id !== draft.saver?.id) return;
      const [next] = this.here;
      if (next) return this.show(await lab.api.openDraft(next.id));
      draft.saver = null; // what is in the trash is no place for another draft
      takeFirst();
    });
  }

  async restoreFromTrash(id: string): Promise<void> {
    await this.telling(async () => {
      await lab.api.restoreDraft(id);
      notices.takeBack(`trash ${id}`);
      await this.load();
    });
    await this.open(id);
  }

  restoreBlock(id: number): Promise<void> {
    return this.telling(() => blocks.restore(id));
  }

  async rename(id: string, name: string): Promise<void> {
    if (id === draft.saver?.id) draft.rename(name);
    else await this.telling(() => lab.api.renameDraft(id, name));
    await draft.saver?.flush();
    await this.telling(() => this.load());
  }

  renameBlock(id: number, name: string): Promise<void> {
    return this.telling(() => blocks.rename(id, name));
  }

  /** Asks for another name. */
  askName(renamed: Renamed): void {
    this.renamed = renamed;
    this.dialog = 'rename';
  }

  /** For good: there is no way back. */
  delete(id: string): Promise<void> {
    return this.telling(async () => {
      await lab.api.deleteDraft(id);
      await this.load();
    });
  }

  deleteBlock(id: number): Promise<void> {
    return this.telling(() => blocks.delete(id));
  }

  download(): void {
    const experiment = draft.history?.document.experiment;
    if (experiment) saveFile(experimentText(experiment), fileName(experiment.name), 'application/json');
  }

  /** The lab is there again: anything may have changed, and calls may have been missed. */
  async reconnected(): Promise<void> {
    await this.refresh();
    await this.readOlder();
  }

  /** The page is looked at again: another window may have changed what is open here. */
  async refresh(): Promise<void> {
    const { saver } = draft;
    if (!saver?.isSaved || !lab.connected) return;
    const stored = (await lab.api.listDrafts()).find(({ id }) => id === saver.id);
    if (!stored || stored.revision === saver.revision) return;
    const { history, revision } = saver;
    const record = await lab.api.openDraft(saver.id);
    // What was edited meanwhile goes on as a copy; see DraftSaver.
    const isSame = saver === draft.saver && history === saver.history && revision === saver.revision;
    if (isSame && saver.isSaved) this.show(record);
  }

  private async read(id: string): Promise<void> {
    const left = draft.saver;
    const isEmpty = draft.isUntouched;
    this.show(await lab.api.openDraft(id));
    if (left && left.id !== id && isEmpty) {
      left.abandon();
      await lab.api.dropDraft(left.id);
    }
  }

  private show(record: DraftRecord): void {
    draft.open(record);
    void this.readOlder();
  }

  /** What lies further back than the newest edits, while the draft is already on screen. */
  private async readOlder(): Promise<void> {
    const { history, saver } = draft;
    const isHere = () => draft.history === history && draft.saver === saver;
    try {
      while (history && saver && history.older > 0 && isHere()) {
        const [{ id }, to] = [saver, history.older];
        const edits = await lab.api.readEdits(id, Math.max(0, to - EDITS_PER_READ), to);
        if (edits.length === 0 || history.older !== to || saver.id !== id) return;
        history.prepend(edits);
      }
    } catch (error) {
      console.warn('Older edits could not be read; they are asked for again.', error);
    }
  }

  /** Nothing of either window is lost: what is here becomes a draft of its own. */
  private keepAsCopy(saver: DraftSaver): void {
    const name = copyName(saver.history.document.experiment);
    saver.history.edit('rename-draft', renamed(name));
    if (saver === draft.saver) settings.openDraft = saver.id;
    notices.add({ kind: 'bad', title: t('draft.conflict'), text: t('draft.conflictText', { name }) });
  }

  private async telling(work: () => Promise<unknown>): Promise<void> {
    if (!lab.connected) return notices.add({ kind: 'bad', title: t('draft.failed'), text: t('frame.offline') });
    try {
      await work();
    } catch (error) {
      const { message, details } = error as LabError;
      notices.add({ kind: 'bad', title: t('draft.failed'), text: message, details });
    }
  }
}

export const nameOf = (one: { readonly name: string } | Experiment | null | undefined): string =>
  one?.name || t('draft.untitled');

const copyName = (experiment: Experiment | null) => t('draft.copyName', { name: nameOf(experiment) }).slice(0, 200);

export const drafts = new Drafts();
