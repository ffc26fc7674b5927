import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore, type Store } from '../../../src-main/store/store.ts';
import type { Checkpoint } from '../../../src-worker/contract/checkpoint.ts';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { presetExperiment } from '../../support/presets.ts';
import { endEvent, epochEvent, startEvent, stepsEvent } from '../../support/run-events.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const experiment = presetExperiment('xor');

async function newStore(clock?: () => number): Promise<Store> {
  const store = await openStore(join(temporaryFolder(), 'deep', 'caviar.db'), clock);
  onTestFinished(() => store.close());
  return store;
}

describe('a run in the store', () => {
  it('gives its events back as they came, in order, whatever the batches', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    const events: RunEvent[] = [
      startEvent,
      stepsEvent(1, [0.9, 0.8, 0.7, 0.6]),
      epochEvent(1, 0.5),
      { type: 'pause', step: 4 },
      { type: 'resume', step: 4 },
      stepsEvent(5, [0.5, null, 0.3, 0.25]),
      epochEvent(2, null),
      endEvent()
    ];
    store.appendEvents(id, events.slice(0, 1));
    store.appendEvents(id, events.slice(1, 4));
    store.appendEvents(id, []);
    store.appendEvents(id, events.slice(4));
    expect(store.getRun(id).events).toEqual(events);
    expect(store.getRun(id).experiment).toEqual(experiment);
  });

  it('keeps metrics of any name, reports, a divergence and a change of backend', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    const measured = { ...epochEvent(1, 0.5), train: { loss: 1, accuracy: 0.5, penalty: 0.25 } };
    const dev = { loss: 1, accuracy: 0.5, f1: 0.4, 'shape.top-k:5': null };
    const item = { name: 'cat', count: 3, precision: null, recall: 0, f1: 0 };
    const events: RunEvent[] = [
      { ...startEvent, metrics: ['loss', 'accuracy', 'f1', 'shape.top-k:5'] },
      { ...measured, dev },
      { type: 'backend', step: 4, backend: 'webgl2', detail: 'a GPU', threads: 1, why: 'webgpu was lost' },
      {
        ...endEvent('diverged'),
        test: { loss: null, accuracy: 0.5, f1: 0.25 },
        reports: [{ node: 'out', on: 'test', items: [item], confusion: [[0]] }],
        diverged: { step: 5, node: 'h1', what: 'output', tensor: 'h1.y' }
      }
    ];
    store.appendEvents(id, events);
    expect(store.getRun(id).events).toEqual(events);
    expect(store.getSummary(id)).toMatchObject({
      ...{ backend: 'webgl2', status: 'diverged', test: { loss: null, accuracy: 0.5, f1: 0.25 } },
      ...{ last: { train: measured.train, dev }, best: { epoch: 1, train: measured.train, dev } }
    });
  });

  it('takes the lowest loss for the best where nothing is right or wrong', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    const of = (epoch: number, loss: number | null): RunEvent => ({
      ...epochEvent(epoch, null),
      train: { loss: 9, accuracy: null },
      dev: { loss, accuracy: null, mae: loss }
    });
    store.appendEvents(id, [of(1, null), of(2, 0.5), of(3, 0.25), of(4, 0.25), of(5, 0.75)]);
    expect(store.getSummary(id).best).toMatchObject({ epoch: 3, dev: { loss: 0.25, mae: 0.25 } });
  });

  it('merges neighbouring steps only, and never across another event', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    store.appendEvents(id, [stepsEvent(1, [0.5]), stepsEvent(2, [0.25])]);
    store.appendEvents(id, [stepsEvent(3, [0.125], 7)]);
    store.appendEvents(id, [epochEvent(1, 0.5, 3), stepsEvent(4, [0.0625])]);
    expect(store.getRun(id).events).toEqual([
      { ...stepsEvent(1, [0.5, 0.25, 0.125]), seconds: 7 },
      epochEvent(1, 0.5, 3),
      stepsEvent(4, [0.0625])
    ]);
  });

  it('keeps a long curve to the last bit, single and double precision alike', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    const single = Array.from({ length: 2500 }, (_, i) => Math.fround(1 / (i + 1)));
    const double = single.map((value) => value + 1e-12);
    const losses = [...single, ...double];
    for (let at = 0; at < losses.length; at += 37)
      store.appendEvents(id, [stepsEvent(at + 1, losses.slice(at, at + 37))]);
    const steps = store.getRun(id).events.filter((event) => event.type === 'steps');
    expect(steps.flatMap(({ loss }) => loss)).toEqual(losses);
    expect(steps.map(({ from, loss }) => [from, loss.length <= 1024])).toEqual(
      steps.map((_, i) => [1 + steps.slice(0, i).reduce((sum, { loss }) => sum + loss.length, 0), true])
    );
    expect(steps.length).toBeLessThan(7);
  });

  it('turns what is not finite into null', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    store.appendEvents(id, [
      stepsEvent(1, [NaN, Infinity, 0.5]),
      { ...epochEvent(1, 0.5), train: { loss: NaN, accuracy: Infinity } }
    ]);
    const [steps, epoch] = store.getRun(id).events;
    expect(steps).toMatchObject({ loss: [null, null, 0.5] });
    expect(epoch).toMatchObject({ train: { loss: null, accuracy: null } });
    expect(store.getSummary(id).last!.train).toEqual({ loss: null, accuracy: null });
  });

  it('takes a batch whole or not at all', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    const uneven = { ...stepsEvent(5, [0.5, 0.4]), accuracy: [1] };
    expect(() => store.appendEvents(id, [epochEvent(1, 0.5), uneven])).toThrow('2 losses but 1 accuracies');
    expect(store.getRun(id).events).toEqual([]);
    expect(store.getSummary(id).epochsDone).toBe(0);
  });

  it('takes a batch that is sent again once', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    const [first, last]: RunEvent[][] = [
      [startEvent, stepsEvent(1, [0.5])],
      [epochEvent(1, 0.5), endEvent()]
    ];
    for (const batch of [first!, first!, last!, last!]) store.appendEvents(id, batch);
    expect(store.getRun(id).events).toEqual([...first!, ...last!]);
    expect(() => store.appendEvents(id, first!)).toThrow(expect.objectContaining({ code: 'run_already_ended' }));
  });

  it('refuses what comes after its end, and runs that do not exist', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    store.appendEvents(id, [startEvent, endEvent('stopped')]);
    expect(() => store.appendEvents(id, [epochEvent(1, 0.5)])).toThrow(
      expect.objectContaining({ code: 'run_already_ended' })
    );
    expect(store.endRun(id, 'interrupted')).toBe(false);
    expect(store.getSummary(id).status).toBe('stopped');
    expect(() => store.appendEvents(id + 1, [startEvent])).toThrow(expect.objectContaining({ code: 'run_not_found' }));
    expect(() => store.getRun(id + 1)).toThrow(
      expect.objectContaining({ code: 'run_not_found', details: { id: id + 1 } })
    );
  });
});

describe('the summary of a run', () => {
  it('follows every event', async () => {
    let nowMs = 1_000_000_000_000;
    const store = await newStore(() => (nowMs += 1000));
    const id = store.createRun(experiment);
    const created = store.getSummary(id);
    expect(created).toEqual({
      ...{
        id,
        name: 'xor',
        status: 'running',
        dataset: 'xor',
        backend: null,
        optimizer: 'momentum',
        learningRate: 0.1
      },
      ...{ parameters: null, startedAtMs: created.startedAtMs, endedAtMs: null, seconds: 0, epochs: 30, epochsDone: 0 },
      ...{ last: null, best: null, test: null, parent: null }
    });
    store.appendEvents(id, [startEvent, { type: 'pause', step: 0 }]);
    expect(store.getSummary(id)).toMatchObject({ status: 'paused', backend: 'wasm', parameters: 17, epochs: 3 });
    store.appendEvents(id, [{ type: 'resume', step: 0 }, stepsEvent(1, [0.5], 1.5)]);
    expect(store.getSummary(id)).toMatchObject({ status: 'running', seconds: 1.5 });
    store.appendEvents(id, [epochEvent(1, 0.7), epochEvent(2, 0.9), epochEvent(3, 0.8), endEvent()]);
    expect(store.getSummary(id)).toMatchObject({
      ...{ status: 'completed', seconds: 6.5, epochsDone: 3, test: { loss: 0.4, accuracy: 0.875 } },
      last: { train: { loss: 1 / 3, accuracy: 0.53 }, dev: { loss: 1.1 / 3, accuracy: 0.8 } },
      best: { epoch: 2, dev: { accuracy: 0.9 } },
      endedAtMs: nowMs
    });
  });

  it('takes the first of equal best epochs, and the training accuracy without a dev set', async () => {
    const store = await newStore();
    const [withDev, without] = [store.createRun(experiment), store.createRun(experiment)];
    store.appendEvents(withDev, [epochEvent(1, 0.9), epochEvent(2, 0.9)]);
    store.appendEvents(without, [epochEvent(1, null), epochEvent(2, null)]);
    expect(store.getSummary(withDev).best).toMatchObject({ epoch: 1 });
    expect(store.getSummary(without).best).toEqual({ epoch: 2, train: epochEvent(2, null).train, dev: null });
  });
});

describe('the history', () => {
  it('lists the newest run first, in pages', async () => {
    const store = await newStore();
    const ids = Array.from({ length: 5 }, () => store.createRun(experiment));
    expect(store.countRuns()).toBe(5);
    expect(store.listRuns({ limit: 2, offset: 1 }).map(({ id }) => id)).toEqual([ids[3], ids[2]]);
  });

  it('keeps an experiment that is run again only once', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const store = await openStore(file);
    onTestFinished(() => store.close());
    for (const seed of [1, 1, 2]) store.createRun({ ...experiment, seed });
    const Sqlite = (await import('better-sqlite3')).default;
    const db = new Sqlite(file, { readonly: true });
    expect(db.prepare('SELECT count(*) FROM experiments').pluck().get()).toBe(2);
    db.close();
  });

  it('tells which runs have changed since a revision', async () => {
    const store = await newStore();
    const [first, second] = [store.createRun(experiment), store.createRun(experiment)];
    const { revision } = store.changedSince(0);
    store.appendEvents(first, [startEvent]);
    expect(store.changedSince(revision).ids).toEqual([first]);
    store.appendEvents(second, [startEvent]);
    expect(store.changedSince(revision).ids).toEqual([first, second]);
    expect(store.changedSince(store.revision()).ids).toEqual([]);
  });

  it('reads 10 000 runs from their summaries alone', async () => {
    const store = await newStore();
    for (let i = 0; i < 10_000; i++) store.createRun(experiment);
    const times = Array.from({ length: 5 }, () => {
      const before = performance.now();
      expect(store.listRuns({ limit: 10_000, offset: 0 })).toHaveLength(10_000);
      return performance.now() - before;
    });
    console.log(`listRuns over 10 000 runs: ${times.map((ms) => ms.toFixed(1)).join(', ')} ms`);
  });
});

describe('the settings', () => {
  it('survive a restart, any JSON value', async () => {
    const file = join(temporaryFolder(), 'caviar.db');
    const first = await openStore(file);
    first.setSetting('theme', 'dark');
    first.setSetting('selection', { runs: [1, 2] });
    first.setSetting('theme', null);
    first.close();
    const second = await openStore(file);
    onTestFinished(() => second.close());
    expect(second.getSettings()).toEqual({ theme: null, selection: { runs: [1, 2] } });
  });
});

describe('checkpoints in the store', () => {
  const about = (number: number, why: Checkpoint['why']): Checkpoint => {
    return { number, step: number * 10, epoch: 1, line: 0, changes: 0, why, seconds: 1 };
  };

  it('are the last, the best and those that a person wanted', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    const reasons = ['time', 'best', 'hand', 'time', 'best', 'back', 'time', 'end'] as const;
    reasons.forEach((why, index) => store.saveCheckpoint(id, about(index + 1, why), Uint8Array.of(index)));
    expect(store.listCheckpoints(id).map(({ number, why }) => [number, why])).toEqual([
      [3, 'hand'],
      [5, 'best'],
      [8, 'end']
    ]);
    expect([...store.getCheckpoint(id, 5)]).toEqual([4]);
    store.pinCheckpoint(id, 5);
    store.saveCheckpoint(id, about(9, 'best'), Uint8Array.of(9));
    expect(store.listCheckpoints(id).map(({ number }) => number)).toEqual([3, 5, 8, 9]);
    expect(() => store.getCheckpoint(id, 4)).toThrow(`Run ${id} has no checkpoint 4. It has 3, 5, 8, 9.`);
  });

  it('are not taken of a run that has ended, until it goes on', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    store.appendEvents(id, [startEvent, stepsEvent(1, [1, 2]), endEvent('stopped')]);
    expect(() => store.saveCheckpoint(id, about(1, 'end'), Uint8Array.of(1))).toThrow('already ended');
    store.reopenRun(id);
    expect(() => store.reopenRun(id)).toThrow('still being trained');
    const reopen = { type: 'reopen', step: 2, backend: 'wasm', detail: 'SIMD', threads: 1 } as const;
    store.appendEvents(id, [reopen, stepsEvent(3, [3])]);
    store.saveCheckpoint(id, about(1, 'time'), Uint8Array.of(1));
    expect(store.getSummary(id)).toMatchObject({ status: 'running', endedAtMs: null });
    expect(store.getRun(id).events.map(({ type }) => type)).toEqual(['start', 'steps', 'end', 'reopen', 'steps']);
  });

  it('let a run go back: its summary is that of the epoch it went back to', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    const change = { type: 'change', step: 5, path: 'training.epochs', from: 3, to: 7 } as const;
    const back = { type: 'back', step: 8, to: 4, epoch: 1, line: 0, checkpoint: 1, changes: [] } as const;
    const events = [startEvent, stepsEvent(1, [4, 3, 2, 1]), epochEvent(1, 0.5), change, stepsEvent(5, [1, 1, 1, 1])];
    store.appendEvents(id, [...events, epochEvent(2, 0.6), { ...back, changes: [] }, stepsEvent(5, [2, 2])]);
    expect(store.getSummary(id)).toMatchObject({ epochs: experiment.training.epochs, epochsDone: 1 });
    expect(store.getRun(id).events.map(({ type }) => type)).toEqual([
      ...['start', 'steps', 'epoch', 'change', 'steps', 'epoch', 'back', 'steps']
    ]);
  });

  it('have words beside them, also after the end', async () => {
    const store = await newStore();
    const id = store.createRun(experiment);
    store.appendEvents(id, [startEvent, endEvent()]);
    store.addNote(id, 3, 'here it tips over');
    expect(store.getRun(id).events.at(-1)).toEqual({ type: 'note', step: 3, text: 'here it tips over' });
    expect(() => store.addNote(99, 3, 'nowhere')).toThrow('There is no run 99');
  });
});
