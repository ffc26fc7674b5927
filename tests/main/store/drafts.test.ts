import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../../../src-main/store/migrate.ts';
import { openStore, type Store } from '../../../src-main/store/store.ts';
import type { DraftDocument, Edit, SaveDraft } from '../../../src-worker/contract/drafts.ts';
import { applyPatch } from '../../../src-worker/contract/json-patch.ts';
import { presetExperiment } from '../../support/presets.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const experiment = presetExperiment('xor');
const DAY_MS = 86_400_000;
const hex = (n: number) => n.toString(16).padStart(32, '0');
const ID = hex(0xd1);
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

const documentOf = (seed: number): DraftDocument => ({
  experiment: { ...experiment, seed },
  layout: { input: [0, 10.5] }
});
const edit = (seed: number): Edit => ({
  ...{ what: 'set', merge: null, atMs: seed },
  forward: [{ op: 'replace', path: '/experiment/seed', value: seed }],
  backward: [{ op: 'replace', path: '/experiment/seed', value: seed - 1 }]
});
/** A draft after edits that count its seed up from 0. */
const state = (revision: number, edits: number, change: Partial<SaveDraft> = {}): SaveDraft => ({
  ...{ id: ID, before: revision === 1 ? null : hex(revision - 1), revision: hex(revision) },
  ...{ document: documentOf(edits), at: edits, from: 0 },
  edits: Array.from({ length: edits }, (_, n) => edit(n + 1)),
  ...change
});

async function newStore(clock?: () => number, file = join(temporaryFolder(), 'caviar.db')): Promise<Store> {
  const store = await openStore(file, clock);
  onTestFinished(() => store.close());
  return store;
}

describe('a draft in the store', () => {
  it('comes back with its places and every edit, done and undone', async () => {
    const store = await newStore(() => 5);
    const saved = state(1, 3, {
      at: 2,
      document: documentOf(2),
      basis: { type: 'preset', name: 'xor' },
      origin: experiment
    });
    store.saveDraft(saved);
    const { summary, ...rest } = store.openDraft(ID);
    expect(rest).toEqual({ document: saved.document, origin: experiment, at: 2, from: 0, edits: saved.edits });
    expect(summary).toEqual({
      ...{ id: ID, revision: hex(1), name: 'xor', dataset: 'xor', layers: 4, edits: 3 },
      ...{ basis: saved.basis, createdAtMs: 5, updatedAtMs: 5, trashedAtMs: null }
    });
  });

  it('takes later edits behind those it has, or in the place of those that were undone', async () => {
    const store = await newStore();
    store.saveDraft(state(1, 3));
    store.saveDraft(state(2, 3, { from: 3, edits: [], at: 1, document: documentOf(1) }));
    expect(store.openDraft(ID)).toMatchObject({ at: 1, summary: { edits: 3 } });
    store.saveDraft(state(3, 0, { from: 1, edits: [edit(9)], at: 2, document: documentOf(9) }));
    expect(store.openDraft(ID).edits.map(({ atMs }) => atMs)).toEqual([1, 9]);
  });

  it('keeps what it was taken from until it is told otherwise', async () => {
    const store = await newStore();
    const origin = { ...experiment, seed: 7 };
    store.saveDraft(state(1, 0, { basis: { type: 'preset', name: 'xor' }, origin }));
    store.saveDraft(state(2, 1));
    expect(store.openDraft(ID)).toMatchObject({ origin, summary: { basis: { type: 'preset' } } });
    store.saveDraft(state(3, 1, { basis: { type: 'run', id: 4 }, origin: experiment }));
    expect(store.openDraft(ID)).toMatchObject({ origin: experiment, summary: { basis: { type: 'run', id: 4 } } });
  });

  it('is not overwritten by a page that knows an older state', async () => {
    const store = await newStore();
    store.saveDraft(state(1, 1));
    store.saveDraft(state(2, 2));
    expect(() => store.saveDraft(state(7, 3, { before: hex(1) }))).toThrow(refusal('draft_conflict'));
    expect(() => store.saveDraft(state(7, 3, { before: null }))).toThrow(refusal('draft_conflict'));
    expect(store.openDraft(ID).summary).toMatchObject({ revision: hex(2), edits: 2 });
    expect(() => store.saveDraft(state(7, 3, { id: hex(9), before: hex(1) }))).toThrow(refusal('draft_not_found'));
  });

  it('takes a state that is sent again once', async () => {
    const store = await newStore();
    for (const again of [state(1, 1), state(1, 1), state(2, 2), state(2, 2)]) store.saveDraft(again);
    expect(store.openDraft(ID).edits.length).toBe(2);
    expect(store.listDrafts().length).toBe(1);
  });

  it('refuses edits behind a gap and a place that it does not have, and stays whole', async () => {
    const store = await newStore();
    store.saveDraft(state(1, 1));
    for (const wrong of [state(2, 0, { from: 2 }), state(2, 2, { at: 3 })])
      expect(() => store.saveDraft(wrong)).toThrow(refusal('bad_request'));
    expect(store.openDraft(ID)).toMatchObject({ at: 1, summary: { revision: hex(1) } });
  });

  it('opens with the newest of very many edits; the older ones are read after', async () => {
    const store = await newStore();
    store.saveDraft(state(1, 20_000));
    const before = performance.now();
    const { from, edits, at } = store.openDraft(ID);
    console.log(`openDraft with 20 000 edits: ${(performance.now() - before).toFixed(1)} ms`);
    expect([from, edits.length, at]).toEqual([19_800, 200, 20_000]);
    expect(store.readEdits(ID, 19_798, 19_800)).toEqual([edit(19_799), edit(19_800)]);
  });

  it('is renamed by an edit that can be undone, and copied with all that was done', async () => {
    let nowMs = 8;
    const store = await newStore(() => nowMs++);
    store.saveDraft(state(1, 3, { at: 2, document: documentOf(2) }));
    store.copyDraft({ id: ID, to: hex(2), name: 'other' });
    store.copyDraft({ id: ID, to: hex(2), name: 'other' });
    const { document, edits, at, summary } = store.openDraft(hex(2));
    expect([summary.name, at, edits.map(({ what }) => what)]).toEqual(['other', 3, ['set', 'set', 'rename-draft']]);
    expect(applyPatch(document, edits[2]!.backward)).toEqual(documentOf(2));
    store.renameDraft(ID, 'first');
    expect(store.openDraft(ID).summary.revision).not.toBe(hex(1));
    expect(store.listDrafts().map(({ name }) => name)).toEqual(['first', 'other']);
    expect(() => store.renameDraft(hex(5), 'x')).toThrow(refusal('draft_not_found'));
  });

  it('is shown without a name or dataset where these are no text', async () => {
    const store = await newStore();
    const odd = { name: 5, data: { dataset: null }, network: { nodes: [] } } as unknown as DraftDocument['experiment'];
    store.saveDraft(state(1, 0, { document: { experiment: odd, layout: {} } }));
    expect(store.listDrafts()).toMatchObject([{ name: '', dataset: null, layers: 0 }]);
  });
});

describe('the trash', () => {
  it('keeps a draft for 30 days; a save takes it out', async () => {
    let nowMs = 0;
    const file = join(temporaryFolder(), 'caviar.db');
    const store = await newStore(() => nowMs, file);
    for (const n of [1, 2, 3]) store.saveDraft(state(1, 1, { id: hex(n) }));
    for (const n of [1, 2]) store.trashDraft(hex(n));
    store.saveDraft(state(2, 2, { id: hex(2) }));
    nowMs = 30 * DAY_MS;
    expect((await newStore(() => nowMs, file)).listDrafts().map(({ trashedAtMs }) => trashedAtMs)).toEqual([
      0,
      null,
      null
    ]);
    nowMs += 1;
    const later = await newStore(() => nowMs, file);
    expect(later.listDrafts().map(({ id }) => id)).toEqual([hex(2), hex(3)]);
    const db = new Sqlite(file, { readonly: true });
    expect(db.prepare('SELECT DISTINCT draft_id FROM draft_edits ORDER BY 1').pluck().all()).toEqual([hex(2), hex(3)]);
    db.close();
    expect(() => later.trashDraft(hex(1))).toThrow(refusal('draft_not_found'));
  });

  it('gives a draft back', async () => {
    const store = await newStore(() => 3);
    store.saveDraft(state(1, 1));
    store.trashDraft(ID);
    expect(store.openDraft(ID).summary.trashedAtMs).toBe(3);
    store.restoreDraft(ID);
    expect(store.openDraft(ID).summary.trashedAtMs).toBe(null);
  });

  it('is where alone a draft can be deleted for good, with its edits', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const store = await newStore(() => 3, file);
    for (const n of [1, 2]) store.saveDraft(state(1, 1, { id: hex(n) }));
    store.trashDraft(hex(1));
    for (const n of [1, 1, 2, 3]) store.deleteDraft(hex(n));
    expect(store.listDrafts().map(({ id }) => id)).toEqual([hex(2)]);
    const db = new Sqlite(file, { readonly: true });
    expect(db.prepare('SELECT DISTINCT draft_id FROM draft_edits').pluck().all()).toEqual([hex(2)]);
    db.close();
  });

  it('is not where a draft without edits goes when it is left', async () => {
    const store = await newStore();
    store.saveDraft(state(1, 0));
    store.saveDraft(state(1, 1, { id: hex(2) }));
    for (const id of [ID, hex(2), hex(3)]) store.dropDraft(id);
    expect(store.listDrafts().map(({ id }) => id)).toEqual([hex(2)]);
  });
});

describe('blocks', () => {
  it('are kept by name, renamed, put into the trash and taken out', async () => {
    const store = await newStore(() => 4);
    const part = {
      nodes: [{ id: 'a', kind: 'dense', units: 3 }],
      edges: [],
      layout: { a: [0, 0] as [number, number] }
    };
    const block = store.saveBlock('head', part);
    expect(block).toEqual({ id: 1, name: 'head', ...part, createdAtMs: 4, trashedAtMs: null });
    store.saveBlock('Body', part);
    store.renameBlock(1, 'tail');
    store.trashBlock(1);
    expect(store.listBlocks().map(({ name, trashedAtMs }) => [name, trashedAtMs])).toEqual([
      ['Body', null],
      ['tail', 4]
    ]);
    store.restoreBlock(1);
    expect(store.listBlocks()[1]!.trashedAtMs).toBe(null);
    for (const change of [() => store.renameBlock(9, 'x'), () => store.trashBlock(9), () => store.restoreBlock(9)])
      expect(change).toThrow(refusal('block_not_found'));
    store.deleteBlock(1);
    expect(store.listBlocks()).toHaveLength(2);
    store.trashBlock(1);
    store.deleteBlock(1);
    expect(store.listBlocks().map(({ name }) => name)).toEqual(['Body']);
  });
});

it('a database without drafts gets room for them', async () => {
  const file = join(temporaryFolder(), 'caviar.db');
  const db = new Sqlite(file);
  db.exec(`${migrations.slice(0, 3).join('')}; PRAGMA user_version = 3; PRAGMA application_id = ${0x43617672};
    INSERT INTO settings VALUES ('theme', '"dark"')`);
  db.close();
  const store = await newStore(undefined, file);
  store.saveDraft(state(1, 1));
  expect([store.listDrafts().length, store.getSettings()]).toEqual([1, { theme: 'dark' }]);
});
