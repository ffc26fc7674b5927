/** The part of LabApi for what is being built: drafts and blocks. What is too large is refused here, the rest is the store's. */
import {
  MAX_BLOCK_CHARACTERS,
  MAX_DOCUMENT_CHARACTERS,
  MAX_EDITS_CHARACTERS,
  type BlockPart,
  type SaveDraft
} from '../../src-worker/contract/drafts.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import type { LabApi } from '../../src-worker/contract/lab-api.ts';
import type { Store } from '../store/store.ts';

type Method = `${string}Draft` | `${string}Drafts` | `${string}Block` | `${string}Blocks` | 'readEdits';
export type WorkshopApi = Pick<LabApi, Extract<keyof LabApi, Method>>;

export function workshopApi(store: Store): WorkshopApi {
  return {
    listDrafts: async () => store.listDrafts(),
    openDraft: async (id) => store.openDraft(id),
    readEdits: async (id, from, to) => store.readEdits(id, from, to),
    async saveDraft(state: SaveDraft) {
      limit('The experiment', state.document, MAX_DOCUMENT_CHARACTERS);
      limit('These edits', state.edits, MAX_EDITS_CHARACTERS);
      if (state.origin) limit('The experiment that it began with', state.origin, MAX_DOCUMENT_CHARACTERS);
      store.saveDraft(state);
    },
    renameDraft: async (id, name) => store.renameDraft(id, name),
    copyDraft: async (copy) => store.copyDraft(copy),
    trashDraft: async (id) => store.trashDraft(id),
    restoreDraft: async (id) => store.restoreDraft(id),
    dropDraft: async (id) => store.dropDraft(id),
    deleteDraft: async (id) => store.deleteDraft(id),
    listBlocks: async () => store.listBlocks(),
    async saveBlock(name, part) {
      limit('The block', part, MAX_BLOCK_CHARACTERS);
      return store.saveBlock(name, part as BlockPart);
    },
    renameBlock: async (id, name) => store.renameBlock(id, name),
    trashBlock: async (id) => store.trashBlock(id),
    restoreBlock: async (id) => store.restoreBlock(id),
    deleteBlock: async (id) => store.deleteBlock(id)
  };
}

/** Throws: `bad_request`. */
function limit(what: string, value: unknown, most: number): void {
  const characters = JSON.stringify(value).length;
  if (characters > most)
    throw new LabError('bad_request', `${what} would take ${characters} characters; at most ${most} are kept.`, {
      characters,
      most
    });
}
