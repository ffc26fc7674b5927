import { beforeEach, describe, expect, it } from 'vitest';
import { LiveEdit } from '../../../src-renderer/state/live-edit.svelte.ts';
import { runs } from '../../../src-renderer/state/runs.svelte.ts';
import { presetExperiment } from '../../support/presets.ts';
import { openPage, WrittenThread } from './page.ts';

const RATE = 'training.optimizer.learningRate';
const request = { experiment: presetExperiment('xor'), backend: 'auto' as const, threads: 0 };
const thread = () => WrittenThread.all[0]!;
const acts = () => thread().messages.flatMap((message) => (message.type === 'act' ? [message.act] : []));

beforeEach(async () => {
  WrittenThread.all.length = 0;
  await openPage();
});
async function started() {
  const run = await runs.start(request);
  await expect.poll(() => WrittenThread.all.length).toBe(1);
  return { run, edit: new LiveEdit(run) };
}

describe('a setting of a run that trains', () => {
  it('is sent when it is complete, not with every letter', async () => {
    const { edit } = await started();
    edit.typing = true;
    edit.setAll([RATE], 0);
    edit.setAll([RATE], 0.25);
    expect([acts(), edit.get(RATE)]).toEqual([[], 0.25]);
    edit.commit();
    expect(acts()).toEqual([{ kind: 'change', path: RATE, value: 0.25 }]);
  });

  it('is not sent while something is wrong with it, which is told', async () => {
    const { edit } = await started();
    edit.setAll([RATE], -1);
    expect(edit.problems.map(({ path }) => path)).toEqual([RATE]);
    edit.commit();
    expect(acts()).toEqual([]);
    edit.discard();
    expect([edit.problems, edit.get(RATE)]).toEqual([[], request.experiment.training.optimizer['learningRate']]);
  });

  it('is sent once, and not at all where it stays as it is', async () => {
    const { edit } = await started();
    edit.setAll(['training.epochs'], request.experiment.training.epochs);
    edit.setAll(['training.epochs'], 7);
    edit.commit();
    expect(acts()).toEqual([{ kind: 'change', path: 'training.epochs', value: 7 }]);
  });

  it('says that it waits until the run answers, and what it was before', async () => {
    const { run, edit } = await started();
    edit.setAll(['training.epochs'], 7);
    expect(edit.noteAt('training.epochs')).toBe('waits for the epoch');
    run.fold([{ type: 'change', step: 3, path: 'training.epochs', from: 1, to: 7 }]);
    expect(edit.noteAt('training.epochs')).toBe('next epoch');
    expect(edit.before('training.epochs')).toBe(request.experiment.training.epochs);
  });

  it('shows why it was turned down, and the value in force', async () => {
    const { run, edit } = await started();
    edit.setAll([RATE], 0.5);
    const act = { kind: 'change', path: RATE, value: 0.5 } as const;
    run.fold([{ type: 'refused', step: 3, act, why: 'There is no room for it.' }]);
    expect(edit.refusalsAt(RATE)).toEqual(['There is no room for it.']);
    expect(edit.get(RATE)).toBe(request.experiment.training.optimizer['learningRate']);
  });

  it('is sent as the one part that differs, and whole where its kind does', async () => {
    const { run, edit } = await started();
    const step = { kind: 'step', factor: 0.5, every: 10, per: 'epoch' };
    edit.setAll(['training.schedule'], step);
    expect(acts()).toEqual([{ kind: 'change', path: 'training.schedule', value: step }]);
    run.fold([{ type: 'change', step: 3, path: 'training.schedule', from: null, to: step }]);
    edit.setAll(['training.schedule'], { ...step, factor: 0.1 });
    expect(acts()[1]).toEqual({ kind: 'change', path: 'training.schedule.factor', value: 0.1 });
  });
});
