import { describe, expect, it } from 'vitest';
import type { HelperThread } from '../../src-worker/backends/backend.ts';
import { setPath } from '../../src-worker/contract/paths.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';
import { generateDataset } from '../../src-worker/data/generators/generator.ts';
import { generators } from '../../src-worker/data/generators/table.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { nodeHost } from '../support/node-host.ts';
import { presetSpec } from '../support/datasets.ts';
import { trainHere, type Here } from '../support/train-here.ts';

const xor = generateDataset(generators['xor']!);

/** Runs xor with the given changes; every message of the thread, in order. */
async function runXor({ changes = {}, ...here }: Here & { changes?: Record<string, unknown> }): Promise<RunEvent[][]> {
  let spec: unknown = presetSpec('xor');
  for (const [path, value] of Object.entries(changes)) spec = setPath(spec, path, value);
  const { experiment } = checkExperiment(spec, [xor.info]);
  const message = { experiment: experiment!, dataset: xor, backend: 'wasm', threads: 0 } as const;
  return (await trainHere(message, here)).messages;
}

describe('the thread of a run', () => {
  it('sends at most ten messages a second however short its epochs are, and loses none of them', async () => {
    const started = performance.now();
    const messages = await runXor({ changes: { 'training.epochs': 2000, 'training.batchSize': 800 } });
    const seconds = (performance.now() - started) / 1000;
    expect(messages.length).toBeLessThan(10 * seconds + 5);
    const epochs = messages.flat().filter(({ type }) => type === 'epoch');
    expect(epochs.map((event) => event.type === 'epoch' && event.epoch)).toEqual(
      Array.from({ length: 2000 }, (_, i) => i + 1)
    );
  });

  it('stops when it is told to', async () => {
    const messages = await runXor({
      changes: { 'training.epochs': 100_000 },
      onMessage: (events, receive) => void (events.some(({ type }) => type === 'steps') && receive({ type: 'stop' }))
    });
    expect(messages.at(-1)!.at(-1)).toMatchObject({ type: 'end', status: 'stopped' });
  });

  const wide = { 'network.nodes.h1.units': 512, 'training.batchSize': 800 };
  const helper = (more: Partial<HelperThread>): HelperThread => ({
    post: () => {},
    onMessage: () => {},
    onError: () => {},
    terminate: () => Promise.resolve(),
    ...more
  });

  it('ends as failed when a helper thread cannot start', async () => {
    const startHelper = () =>
      helper({ onError: (listener) => setTimeout(() => listener(new Error('no such script'))) });
    const messages = await runXor({ changes: wide, host: { cores: 2, startHelper } });
    expect(messages.at(-1)!.at(-1)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('no such script') }
    });
  });

  it('can be stopped while a helper thread never answers', async () => {
    const messages = await runXor({
      changes: wide,
      host: { cores: 2, startHelper: () => helper({}) },
      meanwhile: (receive) => void setTimeout(() => receive({ type: 'stop' }), 20)
    });
    expect(messages.flat()).toEqual([expect.objectContaining({ type: 'end', status: 'stopped', step: 0 })]);
  });

  it('ends the helpers that run when another cannot be started', async () => {
    let [started, ended] = [0, 0];
    const startHelper = () => {
      if (started === 2) throw new Error('no more threads');
      started++;
      return helper({ terminate: () => Promise.resolve(void ended++) });
    };
    const messages = await runXor({ changes: wide, host: { cores: 4, startHelper } });
    expect(messages.at(-1)!.at(-1)).toMatchObject({ status: 'failed', error: { message: 'no more threads' } });
    expect([started, ended]).toEqual([2, 2]);
  });

  it('closes an engine that is ready only after the stop', async () => {
    const { startHelper } = nodeHost(2);
    let close = () => {};
    const closed = new Promise<void>((resolve) => (close = resolve));
    const slow = (): HelperThread => {
      const real = startHelper();
      return {
        ...real,
        onMessage: (listener) => real.onMessage((message) => void setTimeout(() => listener(message), 100)),
        terminate: () => real.terminate().then(close)
      };
    };
    const messages = await runXor({
      changes: wide,
      host: { cores: 2, startHelper: slow },
      meanwhile: (receive) => void setTimeout(() => receive({ type: 'stop' }), 20)
    });
    expect(messages.flat()).toEqual([expect.objectContaining({ type: 'end', status: 'stopped', step: 0 })]);
    await closed;
  });
});
