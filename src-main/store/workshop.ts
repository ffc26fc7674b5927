/** What is being built: drafts with all their edits, and blocks. Every change is whole or does not happen. */
import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { DraftRecord, Edit, SaveDraft } from '../../src-worker/contract/drafts.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { patchBetween } from '../../src-worker/contract/json-patch.ts';
import { blockQueries } from './blocks.ts';
import { draftEditQueries } from './draft-edits.ts';
import { draftQueries, type DraftState } from './drafts.ts';

/** So many of the newest edits come with a draft that is opened; older ones are read when it is on screen. */
const NEWEST_EDITS = 200;
const TRASH_DAYS = 30;
const DAY_MS = 86_400_000;

export function workshopQueries(db: Database) {
  const drafts = draftQueries(db);
  const edits = draftEditQueries(db);
  const blocks = blockQueries(db);

  /** Throws: `draft_not_found`. */
  function state(id: string): DraftState {
    const found = drafts.state(id);
    if (!found) throw noDraft(id);
    return found;
  }

  /** Throws: `draft_not_found`. */
  function open(id: string): DraftRecord {
    const { document, origin, at, edits: count } = state(id);
    const from = Math.max(0, at - NEWEST_EDITS);
    return { summary: drafts.find(id)!, document, origin, at, from, edits: edits.between(id, from, count) };
  }

  function save({ id, before, from, edits: later, ...next }: SaveDraft, nowMs: number): void {
    const known = drafts.state(id);
    if (known?.revision === next.revision) return; // The answer was lost, and it is sent again.
    if (before !== (known?.revision ?? null)) throw known ? conflict(id) : noDraft(id);
    const count = from + later.length;
    if (from > (known?.edits ?? 0) || next.at > count) throw gap(id, from, next.at);
    const { basis = known?.basis ?? { type: 'new' }, origin = known?.origin ?? next.document.experiment } = next;
    const whole: DraftState = { ...next, edits: count, basis, origin };
    if (known) drafts.update(id, whole, nowMs);
    else drafts.insert(id, whole, nowMs);
    edits.replace(id, from, later);
  }

  /** Throws: `draft_not_found`. */
  function rename(id: string, name: string, nowMs: number): void {
    const { edits: _, ...before } = state(id);
    const document = { ...before.document, experiment: { ...before.document.experiment, name } };
    const [forward, backward] = [patchBetween(before.document, document), patchBetween(document, before.document)];
    if (forward.length === 0) return;
    const edit: Edit = { what: 'rename-draft', forward, backward, merge: null, atMs: nowMs };
    edits.replace(id, before.at, [edit]);
    drafts.update(id, { ...before, ...newState(before.at + 1), document }, nowMs);
  }

  /** What was undone is left behind: the new name is an edit. Throws: `draft_not_found`. */
  function copy({ id, to, name }: { id: string; to: string; name: string }, nowMs: number): void {
    if (drafts.state(to)) return; // The answer was lost, and it is sent again.
    const { at, ...rest } = state(id);
    drafts.insert(to, { ...rest, ...newState(at) }, nowMs);
    edits.copy(id, to, at);
    rename(to, name, nowMs);
  }

  /** Throws: `draft_not_found`. */
  function trash(id: string, atMs: number | null): void {
    if (!drafts.trash(id, atMs)) throw noDraft(id);
  }

  /** Throws: `block_not_found`. */
  const known = (id: number, found: boolean): void => {
    if (!found) throw new LabError('block_not_found', `There is no block ${id}.`, { id });
  };

  return {
    ...{ open, save, rename, copy, trash },
    list: drafts.list,
    drop: drafts.drop,
    delete: drafts.delete,
    /** Throws: `draft_not_found`. */
    edits: (id: string, from: number, to: number) => (state(id), edits.between(id, from, to)),
    blocks: {
      list: blocks.list,
      insert: blocks.insert,
      rename: (id: number, name: string) => known(id, blocks.rename(id, name)),
      trash: (id: number, atMs: number | null) => known(id, blocks.trash(id, atMs)),
      delete: blocks.delete
    },
    /** What has lain there for long is gone for good. */
    emptyTrash(nowMs: number): void {
      drafts.emptyTrash(nowMs - TRASH_DAYS * DAY_MS);
      blocks.emptyTrash(nowMs - TRASH_DAYS * DAY_MS);
    }
  };
}

/** A state that no page made, after `edits` edits. */
const newState = (edits: number) => ({ revision: randomBytes(16).toString('hex'), edits, at: edits });

const noDraft = (id: string) => new LabError('draft_not_found', 'This draft is no longer in the store.', { id });
const conflict = (id: string) =>
  new LabError('draft_conflict', 'This draft was changed in another window; nothing of it was overwritten.', { id });
const gap = (id: string, from: number, at: number) =>
  new LabError('bad_request', `This draft does not have ${Math.max(from, at)} edits in the store.`, { id, from, at });
