import { describe, expect, it } from 'vitest';
import { startRunThread } from '../../../src-main/hosts/run-thread.ts';
import { checkedExperiment } from '../../../src-main/lab/check.ts';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { labParts } from '../../support/lab.ts';
import { presetExperiment } from '../../support/presets.ts';

async function message(epochs: number) {
  const { datasets } = await labParts();
  const { training, ...rest } = presetExperiment('xor');
  const experiment = await checkedExperiment({ ...rest, training: { ...training, epochs } }, datasets);
  return { experiment, dataset: await datasets.load('xor'), backend: 'reference' as const, threads: 1 };
}

describe('a run in a thread', () => {
  it('sends its events in order, the end last', async () => {
    const events: RunEvent[] = [];
    const thread = startRunThread(await message(2), (batch) => events.push(...batch));
    const end = await thread.ended;
    expect(end).toMatchObject({ status: 'completed', step: 160 });
    const others = events.map(({ type }) => type).filter((type) => type !== 'steps');
    expect(others).toEqual(['start', 'epoch', 'epoch', 'end']);
    expect(events.at(-1)).toBe(end);
  });

  it('pauses, goes on and stops when it is told to', async () => {
    const types: string[] = [];
    const thread = startRunThread(await message(100_000), (batch) => types.push(...batch.map(({ type }) => type)));
    await expect.poll(() => types).toContain('epoch');
    thread.send({ type: 'pause' });
    await expect.poll(() => types).toContain('pause');
    const paused = types.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(types).toHaveLength(paused);
    thread.send({ type: 'resume' });
    await expect.poll(() => types.slice(paused)).toContain('epoch');
    thread.send({ type: 'stop' });
    expect(await thread.ended).toMatchObject({ status: 'stopped', test: null, error: null });
  });

  it('whose thread dies ends as failed, at the last step known', async () => {
    const events: RunEvent[] = [];
    const thread = startRunThread(await message(100_000), (batch) => events.push(...batch));
    await expect.poll(() => events.map(({ type }) => type)).toContain('epoch');
    await thread.terminate();
    const end = await thread.ended;
    expect(end).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(end.step).toBeGreaterThanOrEqual(80);
    expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
  });

  it('whose events cannot be kept ends with that error', async () => {
    const full = new Error('no space');
    const thread = startRunThread(await message(100_000), () => {
      throw full;
    });
    await expect(thread.ended).rejects.toBe(full);
  });
});
