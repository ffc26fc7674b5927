import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { draft } from '../../../src-renderer/state/draft.svelte.ts';
import { hasUnsaved, isWaitingForStore, sendUnsaved } from '../../../src-renderer/state/draft-saver.svelte.ts';
import { drafts } from '../../../src-renderer/state/drafts.svelte.ts';
import { notices } from '../../../src-renderer/state/notices.svelte.ts';
import { openRun } from '../../../src-renderer/state/open-run.svelte.ts';
import { settings } from '../../../src-renderer/state/settings.svelte.ts';
import { startRun } from '../../../src-renderer/state/start-run.svelte.ts';
import type { LabApi } from '../../../src-worker/contract/lab-api.ts';
import { presetExperiment } from '../../support/presets.ts';
import { openPage } from './page.ts';

const xor = presetExperiment('xor');
const PRESET = { type: 'preset', name: 'xor' } as const;
const seed = () => draft.experiment!.seed;
/** Each a step of its own. */
const setSeed = (value: number) =>
  draft.edit('set', ({ experiment, layout }) => ({ experiment: { ...experiment, seed: value }, layout }));
const saved = () => draft.saver!.flush();
/** What a reload leaves of the page: nothing but what the store has. */
async function reload(): Promise<void> {
  Object.assign(draft, { history: null, saver: null });
  await drafts.restore();
}

type Change = (api: LabApi) => Partial<LabApi>;
async function newPage(change?: Change) {
  Object.assign(draft, { history: null, saver: null });
  settings.openDraft = null;
  notices.all = [];
  const page = await openPage(change);
  await drafts.restore();
  draft.take(xor, PRESET);
  return page;
}

beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue());
afterEach(async () => {
  await expect.poll(hasUnsaved).toBe(false); // what is under way belongs to this test's lab
  vi.restoreAllMocks();
});

describe('a draft', () => {
  it('comes back after a reload with its places and all that can be undone and done again', async () => {
    await newPage();
    for (const value of [1, 2, 3]) setSeed(value);
    draft.edit('move', (document) => ({ ...document, layout: { input: [3, 4] } }));
    draft.undo();
    await saved();
    await reload();
    expect([seed(), draft.layout, draft.basis]).toEqual([3, {}, PRESET]);
    draft.redo();
    expect(draft.layout).toEqual({ input: [3, 4] });
    for (let n = 0; n < 4; n++) draft.undo();
    expect([seed(), draft.history!.canUndo, draft.changes]).toEqual([xor.seed, false, []]);
  });

  it('is saved soon after every edit, also after an undo that is followed by another', async () => {
    const { store } = await newPage();
    setSeed(1);
    setSeed(2);
    draft.undo();
    setSeed(9);
    await expect.poll(() => draft.saver!.status).toBe('saved');
    const { document, edits, at } = store.openDraft(draft.saver!.id);
    expect([document.experiment.seed, edits.length, at]).toEqual([9, 2, 2]);
  });

  it('that nobody edited makes room for the next; one with edits stays in the list', async () => {
    await newPage();
    draft.take({ ...xor, name: 'second' }, PRESET);
    draft.rename('mine');
    draft.take({ ...xor, name: 'third' }, PRESET);
    await saved();
    await drafts.load();
    expect(drafts.here.map(({ name }) => name).sort()).toEqual(['mine', 'third']);
    await drafts.open(drafts.here.find(({ name }) => name === 'mine')!.id);
    await drafts.load();
    expect([draft.experiment!.name, drafts.here.map(({ name }) => name)]).toEqual(['mine', ['mine']]);
  });

  it('is undone to its very beginning, however many edits were read later', async () => {
    await newPage();
    for (let value = 1; value <= 2500; value++) setSeed(value);
    await saved();
    await reload();
    expect([seed(), draft.history!.at]).toEqual([2500, 2500]);
    await expect.poll(() => draft.history!.older).toBe(0);
    while (draft.history!.canUndo) draft.undo();
    expect(seed()).toBe(xor.seed);
    await saved();
    await reload();
    expect([seed(), draft.history!.edits.length]).toEqual([xor.seed, 2500]);
  });

  it('waits while the store does not answer, and is saved when it does', async () => {
    let failures = 1;
    const { store, stop, goOn } = await newPage((api) => ({
      async saveDraft(state) {
        if (state.at === 2 && failures-- > 0) throw new Error('The connection broke.');
        return api.saveDraft(state);
      }
    }));
    await saved();
    stop();
    setSeed(1);
    setSeed(2);
    expect([draft.saver!.status, store.openDraft(draft.saver!.id).at]).toEqual(['saving', 0]);
    goOn();
    await expect.poll(() => isWaitingForStore()).toBe(true);
    await expect.poll(() => draft.saver!.status, { timeout: 5000 }).toBe('saved');
    expect(store.openDraft(draft.saver!.id)).toMatchObject({ at: 2, document: { experiment: { seed: 2 } } });
  });

  it('is sent at once when the page is left, also behind a call that has no answer yet', async () => {
    const { store } = await newPage();
    setSeed(1);
    setSeed(2);
    sendUnsaved();
    await expect.poll(() => draft.saver!.status).toBe('saved');
    expect(store.openDraft(draft.saver!.id)).toMatchObject({ at: 2, summary: { edits: 2 } });
  });

  it('that is too large is said to be, and saved when that is undone', async () => {
    const { store } = await newPage();
    await saved();
    draft.rename('x'.repeat(2_000_001));
    await saved();
    expect([draft.saver!.status, draft.saver!.error?.code]).toEqual(['failed', 'bad_request']);
    draft.undo();
    draft.rename('small');
    await saved();
    expect([draft.saver!.status, draft.saver!.error, store.openDraft(draft.saver!.id).summary.name]).toEqual([
      ...['saved', null, 'small']
    ]);
  });
});

describe('two windows on one draft', () => {
  it('never overwrite each other: who comes second goes on with a copy', async () => {
    const { store } = await newPage();
    setSeed(1);
    await saved();
    const { id } = draft.saver!;
    store.renameDraft(id, 'theirs');
    setSeed(2);
    await saved();
    expect(draft.saver!.id).not.toBe(id);
    expect([store.openDraft(id).summary.name, store.openDraft(id).document.experiment.seed]).toEqual(['theirs', 1]);
    const copy = store.openDraft(draft.saver!.id);
    expect([copy.summary.name, copy.document.experiment.seed, copy.at]).toEqual(['xor (copy)', 2, 3]);
    expect([settings.openDraft, notices.all.length]).toEqual([draft.saver!.id, 1]);
  });

  it('show the newest state when they are looked at again', async () => {
    const { store } = await newPage();
    await saved();
    store.renameDraft(draft.saver!.id, 'theirs');
    await drafts.refresh();
    expect([draft.experiment!.name, draft.history!.at]).toEqual(['theirs', 1]);
  });

  it('keep what is typed while the newest state is on its way', async () => {
    let typing = (): void => undefined;
    const { store } = await newPage((api) => ({
      async openDraft(id) {
        typing();
        await saved().catch(() => undefined);
        return api.openDraft(id);
      }
    }));
    setSeed(1);
    await saved();
    store.renameDraft(draft.saver!.id, 'theirs');
    typing = () => {
      setSeed(2);
      typing = () => undefined;
    };
    await drafts.refresh();
    expect([seed(), draft.experiment!.name]).toEqual([2, 'xor (copy)']);
  });
});

describe('a setting of all hidden layers', () => {
  it('is one step of undo', async () => {
    await newPage();
    draft.take(presetExperiment('fashion-5-layer'), { type: 'preset', name: 'fashion-5-layer' });
    const before = draft.hiddenInit;
    expect(draft.hiddenLayers.length).toBeGreaterThan(2);
    draft.setHiddenInit({ kind: 'normal', std: 0.5 });
    expect([draft.hiddenInit, draft.history!.at]).toEqual([{ kind: 'normal', std: 0.5 }, 1]);
    draft.undo();
    expect([draft.hiddenInit, draft.history!.canUndo]).toEqual([before, false]);
  });
});

describe('a run', () => {
  it('that is opened leaves the draft alone, and becomes a draft when it is asked to', async () => {
    const { store } = await newPage();
    const id = store.createRun({ ...xor, name: 'old', seed: 77 });
    setSeed(5);
    await openRun.open(id);
    expect([draft.experiment!.seed, openRun.canTake]).toEqual([5, true]);
    openRun.take();
    expect([draft.experiment!.name, seed(), draft.basis, openRun.canTake]).toEqual([
      ...['old', 77, { type: 'run', id }, false]
    ]);
    await drafts.load();
    expect(drafts.here.some(({ edits }) => edits === 1)).toBe(true);
  });

  it('that is started is what changes of the draft are counted from, also after a reload', async () => {
    await newPage();
    setSeed(5);
    await startRun.start();
    expect([draft.basis, draft.changes, draft.history!.at]).toEqual([{ type: 'run', id: 1 }, [], 1]);
    setSeed(6);
    await saved();
    await reload();
    expect([draft.basis, draft.changes, draft.before('seed')]).toEqual([{ type: 'run', id: 1 }, ['seed'], 5]);
  });

  it('that starts while another draft is opened leaves that one as it is', async () => {
    const { stop, goOn } = await newPage();
    setSeed(5);
    await saved();
    stop();
    const started = startRun.start();
    draft.take({ ...xor, name: 'another' }, PRESET);
    goOn();
    await started;
    expect([draft.experiment!.name, draft.basis]).toEqual(['another', PRESET]);
  });
});

describe('drafts as a whole', () => {
  it('go to the trash and come back by one click', async () => {
    await newPage();
    setSeed(1);
    const { id } = draft.saver!;
    await drafts.trash(id);
    expect([draft.saver!.id === id, drafts.here, drafts.trashed.length]).toEqual([false, [], 1]);
    await notices.all.at(-1)!.action!.run();
    expect([draft.saver!.id, seed(), drafts.trashed]).toEqual([id, 1, []]);
  });

  it('are saved on when the one behind a trashed one cannot be read', async () => {
    let broken = false;
    const { store } = await newPage((api) => ({
      async openDraft(id) {
        if (broken) throw new Error('The connection broke.');
        return api.openDraft(id);
      }
    }));
    setSeed(1);
    await saved();
    draft.take({ ...xor, name: 'second' }, PRESET);
    setSeed(2);
    broken = true;
    const { id } = draft.saver!;
    await drafts.trash(id);
    setSeed(3);
    await saved();
    expect(store.openDraft(id)).toMatchObject({ at: 2, document: { experiment: { seed: 3 } } });
  });

  it('are copied with their edits, and renamed without being opened', async () => {
    const { store } = await newPage();
    setSeed(1);
    const { id } = draft.saver!;
    await drafts.copy('other');
    expect([draft.experiment!.name, draft.saver!.id === id, draft.history!.edits.length]).toEqual(['other', false, 2]);
    await drafts.rename(id, 'first');
    expect(store.openDraft(id).summary.name).toBe('first');
    expect(drafts.here.map(({ name }) => name).sort()).toEqual(['first', 'other']);
  });

  it('begin with an input alone, on the dataset at hand', async () => {
    await newPage();
    drafts.make();
    expect(draft.experiment!.network).toEqual({ nodes: [{ id: 'input', kind: 'input' }], edges: [] });
    expect([draft.experiment!.name, draft.get('data.dataset'), draft.get('training.optimizer.kind')]).toEqual([
      ...['untitled', 'xor', 'adam']
    ]);
  });
});
