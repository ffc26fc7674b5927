import { beforeEach, describe, expect, it } from 'vitest';
import { runs } from '../../../src-renderer/state/runs.svelte.ts';
import { presetExperiment } from '../../support/presets.ts';
import { stepsEvent } from '../../support/run-events.ts';
import { openPage, WrittenThread } from './page.ts';

const request = { experiment: presetExperiment('xor'), backend: 'auto' as const, threads: 0 };
const thread = () => WrittenThread.all[0]!;
/** More than may wait for a store that does not answer. */
const tooMuch = () => {
  const loss = new Array<number>(50_000).fill(0.5);
  const events = Array.from({ length: 21 }, (_, n) => stepsEvent(1 + n * 50_000, loss));
  thread().onmessage({ data: { type: 'events', events } });
};

let page: Awaited<ReturnType<typeof openPage>>;
beforeEach(async () => {
  WrittenThread.all.length = 0;
  page = await openPage();
});
const started = async () => {
  const run = await runs.start(request);
  await expect.poll(() => WrittenThread.all.length).toBe(1);
  return run;
};

describe('a run that the page holds because too much waits for the store', () => {
  it('goes on by itself when that is gone', async () => {
    const run = await started();
    page.stop();
    tooMuch();
    expect(run.held).toBe(true);
    page.goOn();
    await run.stored();
    expect([run.held, thread().received]).toEqual([false, ['run', 'pause', 'resume']]);
  });

  it('stays paused when the person had paused it', async () => {
    const run = await started();
    run.pause();
    page.stop();
    tooMuch();
    page.goOn();
    await run.stored();
    expect(thread().received).toEqual(['run', 'pause']);
    run.resume();
    expect(thread().received).toEqual(['run', 'pause', 'resume']);
  });

  it('does not go on before, whatever the person presses, and then as pressed last', async () => {
    const run = await started();
    page.stop();
    tooMuch();
    run.resume();
    expect(thread().received).toEqual(['run', 'pause']);
    run.pause();
    page.goOn();
    await run.stored();
    expect(thread().received).toEqual(['run', 'pause']);
  });
});

it('a run that is paused while its dataset loads starts paused', async () => {
  const run = await runs.start(request);
  run.pause();
  await expect.poll(() => WrittenThread.all.length).toBe(1);
  expect(thread().received).toEqual(['run', 'pause']);
});
