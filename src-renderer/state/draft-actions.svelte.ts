/** What can be done with the draft as a whole: for the command palette, the keys and the menu of the top bar. */
import { t, tMaybe, type MessageKey } from '../i18n/t.svelte.ts';
import type { Action } from './actions.svelte.ts';
import type { Edit } from './draft-history.svelte.ts';
import { draft } from './draft.svelte.ts';
import { drafts } from './drafts.svelte.ts';
import { chooseFiles } from './import-drafts.ts';
import { openRun } from './open-run.svelte.ts';
import { settings } from './settings.svelte.ts';

const group: MessageKey = 'draft.menu';

export const editWords = ({ what }: Edit): string => tMaybe(`edit.${what}`, what);

/** The same step, forwards and backwards, wherever it is asked for; `drafts.said` tells it to who cannot see it. */
export function undo(): void {
  const last = draft.history?.last;
  if (!last) return;
  draft.undo();
  drafts.said = t('draft.undoWhat', { what: editWords(last) });
}

export function redo(): void {
  const next = draft.history?.next;
  if (!next) return;
  draft.redo();
  drafts.said = t('draft.redoWhat', { what: editWords(next) });
}

export const draftActions = (): Action[] => [...historyActions(), ...documentActions()];

function historyActions(): Action[] {
  const { last, next } = draft.history ?? {};
  const all: (Action | undefined)[] = [
    last && {
      ...{ id: 'undo', group, keys: 'Ctrl Z', icon: 'undo', run: undo },
      title: t('draft.undoWhat', { what: editWords(last) })
    },
    next && {
      ...{ id: 'redo', group, keys: 'Ctrl Shift Z', alsoKeys: 'Ctrl Y', icon: 'redo', run: redo },
      title: t('draft.redoWhat', { what: editWords(next) })
    }
  ];
  return all.filter((action) => action !== undefined);
}

/** In the order of the menu. */
export function documentActions(): Action[] {
  const { saver } = draft;
  const run = openRun.view;
  const all: (Action | false | null)[] = [
    { id: 'draft-new', title: t('draft.new'), group, icon: 'plus', run: () => drafts.make() },
    { id: 'draft-open', title: t('draft.open'), group, keys: 'Ctrl O', icon: 'build', run: () => show('open') },
    run &&
      openRun.canTake && {
        ...{ id: 'draft-from-run', title: t('draft.fromRun', { id: run.id }), group },
        run: () => {
          openRun.take();
          settings.place = 'build';
        }
      },
    { id: 'draft-rename', title: t('draft.rename'), group, keys: 'F2', run: rename },
    { id: 'draft-save', title: t('draft.save'), group, keys: 'Ctrl S', run: () => saver?.flush() },
    { id: 'draft-save-as', title: t('draft.saveAs'), group, keys: 'Ctrl Shift S', run: () => show('save-as') },
    { id: 'draft-duplicate', title: t('draft.duplicate'), group, run: () => drafts.duplicate() },
    { id: 'draft-export', title: t('draft.export'), group, icon: 'save', run: () => drafts.download() },
    { id: 'draft-import', title: t('draft.import'), group, run: chooseFiles },
    saver && {
      ...{ id: 'draft-trash', title: t('draft.toTrash'), group, icon: 'trash' as const },
      run: () => drafts.trash(saver.id)
    },
    { id: 'draft-bin', title: t('draft.trash'), group, run: () => show('trash') }
  ];
  return all.filter((action) => action !== false && action !== null);
}

async function show(dialog: 'open' | 'save-as' | 'trash'): Promise<void> {
  if (dialog !== 'save-as') await drafts.loadShown();
  drafts.dialog = dialog;
}

function rename(): void {
  settings.place = 'build';
  drafts.renaming = true;
}
