import { describe, expect, it } from 'vitest';
import type { LabApi } from '../../../src-worker/contract/lab-api.ts';
import type { Problem } from '../../../src-worker/contract/problems.ts';
import { newLab } from '../../support/lab.ts';
import { holdRun } from '../../support/held-run.ts';
import { presetExperiment } from '../../support/presets.ts';
import { endEvent, epochEvent, startEvent, stepsEvent } from '../../support/run-events.ts';

const experiment = presetExperiment('xor');
const start = (api: LabApi) => api.createRun({ experiment, backend: 'auto', threads: 0 });
const ignore = () => undefined;
const [id, revision] = ['0'.repeat(32), '1'.repeat(32)];
const draft = { id, before: null, revision, document: { experiment, layout: {} }, at: 0, from: 0, edits: [] };

describe('the door to the lab', () => {
  it('says who it is', async () => {
    const { lab, file } = await newLab();
    const hello = await lab.connect(ignore).api.hello();
    expect(hello).toMatchObject({ host: 'browser', database: file });
    expect(hello.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(hello.sqlite).toMatch(/^3\.\d+\.\d+$/);
  });

  it('lists presets and datasets that fit each other', async () => {
    const { api } = (await newLab()).lab.connect(ignore);
    const names = (await api.listPresets()).map(({ name }) => name);
    expect(names).toContain('fashion-5-layer');
    expect((await api.listDatasets()).map(({ name }) => name)).toEqual(expect.arrayContaining(['xor', 'spiral']));
  });

  it.each<[string, unknown[], string]>([
    ['getRun', ['1'], '0: must be a number'],
    ['getRun', [0], 'at least 1'],
    ['listRuns', [{ limit: 1e9, offset: 0 }], '0.limit: must be at most 10000'],
    ['listRuns', [{ limit: 1, offset: 0 }, 'extra'], '1'],
    ['createRun', [{ experiment, backend: 'abacus', threads: 0 }], '0.backend'],
    ['appendEvents', [1, [{ type: 'epoch', epoch: 0 }]], '1.0.epoch'],
    ['setSetting', ['', 1], '0'],
    ['setSetting', ['huge', 'x'.repeat(70_000)], 'longer than'],
    ['saveDraft', [{ ...draft, id: '../1' }], '0.id: 32 hexadecimal digits'],
    ['saveDraft', [{ ...draft, document: { experiment: 'x', layout: {} } }], '0.document.experiment'],
    ['saveDraft', [{ ...draft, edits: [{ what: '' }] }], '0.edits.0.what'],
    ['saveDraft', [{ ...draft, document: { experiment: { name: 'x'.repeat(2e6) }, layout: {} } }], 'at most 2000000'],
    ['saveBlock', ['', { nodes: [], edges: [], layout: {} }], '0: must not be empty'],
    ['saveBlock', ['b', { nodes: [{ id: 'a', kind: 'x'.repeat(2e5) }], edges: [], layout: {} }], 'The block would take']
  ])('refuses bad arguments of %s by name', async (method, args, words) => {
    const { api } = (await newLab()).lab.connect(ignore);
    const call = (api[method as keyof LabApi] as (...args: unknown[]) => Promise<unknown>)(...args);
    await expect(call).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining(words) as string
    });
  });

  it('keeps drafts and blocks for every page', async () => {
    const { lab } = await newLab();
    const { api } = lab.connect(ignore);
    await api.saveDraft(draft);
    const block = await api.saveBlock('b', { nodes: [{ id: 'a', kind: 'relu' }], edges: [], layout: {} });
    const other = lab.connect(ignore).api;
    expect(await other.openDraft(id)).toMatchObject({ document: { experiment }, at: 0, edits: [] });
    expect(await other.listBlocks()).toEqual([block]);
  });

  it('keeps settings for every page', async () => {
    const { lab } = await newLab();
    await lab.connect(ignore).api.setSetting('language', 'ja');
    expect(await lab.connect(ignore).api.getSettings()).toEqual({ language: 'ja' });
  });
});

describe('a new run', () => {
  it('is checked, completed with defaults, stored and answered', async () => {
    const { lab, store } = await newLab();
    const { api } = lab.connect(ignore);
    const bare = { version: 1, name: 'bare', data: { dataset: 'xor' }, network: experiment.network };
    const run = await api.createRun({ experiment: bare, backend: 'auto', threads: 0 });
    expect(run.experiment).toMatchObject({ seed: 42, training: { optimizer: { kind: 'adam', learningRate: 0.001 } } });
    expect(store.getRun(run.id).experiment).toEqual(run.experiment);
  });

  it('with five mistakes is refused with all five, and nothing is stored', async () => {
    const { lab, store } = await newLab();
    const { api } = lab.connect(ignore);
    const wrong = structuredClone(experiment) as unknown as Record<string, Record<string, unknown>>;
    Object.assign(wrong, { seed: -1 });
    Object.assign(wrong.data!, { dataset: 'fashion-mist' });
    Object.assign(wrong.training!, { batchSize: 0, optimizer: { kind: 'momentum', learningRate: 'fast' } });
    (wrong.network!.nodes as Record<string, unknown>[])[1]!.units = -4;
    const refusal = await api
      .createRun({ experiment: wrong, backend: 'auto', threads: 0 })
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'invalid_experiment' });
    const { problems } = (refusal as { details: { problems: Problem[] } }).details;
    expect(problems.map(({ path }) => path).sort()).toEqual([
      ...['data.dataset', 'network.nodes.h1.units', 'seed', 'training.batchSize', 'training.optimizer.learningRate']
    ]);
    expect(store.countRuns()).toBe(0);
  });

  it('on a dataset that is not here is refused with the ways to get it', async () => {
    const { api } = (await newLab()).lab.connect(ignore);
    const full = { ...experiment, data: { dataset: 'fashion-mnist' } };
    await expect(api.createRun({ experiment: full, backend: 'auto', threads: 0 })).rejects.toMatchObject({
      code: 'invalid_experiment',
      message: expect.stringContaining('Get it in one of three ways') as string
    });
  });

  it('belongs to the page that made it: no other may write to it', async () => {
    const { lab } = await newLab();
    const [owner, other] = [lab.connect(ignore), lab.connect(ignore)];
    const { id } = await start(owner.api);
    await expect(other.api.appendEvents(id, [startEvent])).rejects.toMatchObject({ code: 'forbidden' });
    await owner.api.appendEvents(id, [startEvent, epochEvent(1, 0.5), endEvent()]);
    await expect(owner.api.appendEvents(id, [epochEvent(2, 0.5)])).rejects.toMatchObject({ code: 'run_already_ended' });
    await expect(other.api.appendEvents(999, [startEvent])).rejects.toMatchObject({ code: 'run_not_found' });
    expect((await other.api.getRun(id)).events).toEqual([startEvent, epochEvent(1, 0.5), endEvent()]);
  });

  it('becomes interrupted when its page goes, and only then', async () => {
    const { lab, store } = await newLab();
    const [leaving, staying] = [lab.connect(ignore), lab.connect(ignore)];
    const [ended, running, other] = [await start(leaving.api), await start(leaving.api), await start(staying.api)];
    await leaving.api.appendEvents(ended.id, [startEvent, endEvent()]);
    await leaving.api.appendEvents(running.id, [startEvent, stepsEvent(1, [0.5, 0.25])]);
    leaving.close();
    expect([ended, running, other].map(({ id }) => store.getSummary(id).status)).toEqual([
      ...['completed', 'interrupted', 'running']
    ]);
    expect(store.getRun(running.id).events.at(-1)).toMatchObject({ type: 'end', step: 2 });
    await expect(start(leaving.api)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a page whose connection broke', () => {
  it('comes back in time and goes on with its run', async () => {
    const { lab, store } = await newLab();
    const [before, after] = [lab.connect(ignore), lab.connect(ignore)];
    const { id, claim } = await start(before.api);
    await before.api.appendEvents(id, [startEvent]);
    before.lose();
    expect(store.getSummary(id).status).toBe('running');
    await after.api.claimRun(id, claim);
    await after.api.appendEvents(id, [epochEvent(1, 0.5)]);
    after.close();
    expect(store.getSummary(id)).toMatchObject({ status: 'interrupted', epochsDone: 1 });
  });

  it('takes its run along before the break is noticed, and keeps it when it is', async () => {
    const { lab, store } = await newLab({ returnMs: 1 });
    const [before, after] = [lab.connect(ignore), lab.connect(ignore)];
    const { id, claim } = await start(before.api);
    await after.api.claimRun(id, claim);
    await after.api.appendEvents(id, [startEvent]);
    await expect(before.api.appendEvents(id, [epochEvent(1, 0.5)])).rejects.toMatchObject({ code: 'forbidden' });
    before.lose();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(store.getSummary(id).status).toBe('running');
  });

  it('needs its own claim', async () => {
    const { lab } = await newLab();
    const [before, after] = [lab.connect(ignore), lab.connect(ignore)];
    const [{ id }, other] = [await start(before.api), await start(before.api)];
    for (const claim of [other.claim, 'guessed'])
      await expect(after.api.claimRun(id, claim)).rejects.toMatchObject({ code: 'forbidden' });
    before.lose();
    await expect(after.api.appendEvents(id, [startEvent])).rejects.toMatchObject({ code: 'forbidden' });
    await expect(after.api.claimRun(999, other.claim)).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('may send again what it got no answer for, also the end', async () => {
    const { lab } = await newLab();
    const [before, after] = [lab.connect(ignore), lab.connect(ignore)];
    const { id, claim } = await start(before.api);
    const [first, last] = [
      [startEvent, epochEvent(1, 0.5)],
      [epochEvent(2, 0.75), endEvent()]
    ];
    await before.api.appendEvents(id, first);
    before.lose();
    await after.api.claimRun(id, claim);
    await after.api.appendEvents(id, first);
    await after.api.appendEvents(id, last);
    await after.api.claimRun(id, claim);
    await after.api.appendEvents(id, last);
    expect((await after.api.getRun(id)).events).toEqual([...first, ...last]);
  });

  it('loses its run when it stays away', async () => {
    const { lab, store } = await newLab({ returnMs: 50 });
    const [before, after] = [lab.connect(ignore), lab.connect(ignore)];
    const { id, claim } = await start(before.api);
    before.lose();
    await expect.poll(() => store.getSummary(id).status).toBe('interrupted');
    await after.api.claimRun(id, claim);
    await expect(after.api.appendEvents(id, [startEvent])).rejects.toMatchObject({ code: 'run_already_ended' });
  });
});

describe('the news of changed runs', () => {
  it('goes to every page, gathered', async () => {
    const { lab } = await newLab();
    const told: number[][] = [];
    const { api } = lab.connect(ignore);
    const listening = new Promise<void>((resolve) =>
      lab.connect((ids) => {
        told.push(ids);
        resolve();
      })
    );
    const [first, second] = [await start(api), await start(api)];
    await api.appendEvents(first.id, [startEvent]);
    await listening;
    expect(told).toEqual([[second.id, first.id]]);
  });

  it('comes also when another process writes, and when that process is killed', async () => {
    const { lab, file, store } = await newLab();
    const told: number[] = [];
    lab.connect((ids) => told.push(...ids));
    const { id, kill } = await holdRun(file);
    await expect.poll(() => told, { timeout: 5000 }).toContain(id);
    told.length = 0;
    await kill();
    await expect.poll(() => told, { timeout: 5000 }).toContain(id);
    expect(store.getSummary(id).status).toBe('interrupted');
  });
});
