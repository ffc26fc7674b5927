/** The first lesson as a person runs it: real images, ten epochs, on the command line. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandLine, jsonLines } from '../../support/cli.ts';

/** Everything that a run measured, without times and without its number. */
async function trainOn(dataset: string, threads: number) {
  const { code, stdout } = await commandLine().run(
    ...['train', 'fashion-5-layer', '--dataset', dataset, '--epochs', '10', '--backend', 'wasm'],
    ...['--threads', String(threads), '--json']
  );
  expect(code).toBe(0);
  const lines = jsonLines(stdout);
  const epochs = lines.filter(({ type }) => type === 'epoch').map(({ train, dev }) => ({ train, dev }));
  return { threads: lines[0].threads as number, epochs, test: lines.at(-1).test as { loss: number; accuracy: number } };
}

describe('the five-layer network on Fashion-MNIST', { timeout: 180_000 }, () => {
  it('learns the embedded images, with the same bits on one and two threads and in every run', async () => {
    const [one, two, again] = [
      await trainOn('fashion-mnist-small', 1),
      await trainOn('fashion-mnist-small', 2),
      await trainOn('fashion-mnist-small', 2)
    ];
    expect(one.test.accuracy).toBeGreaterThanOrEqual(0.82);
    expect([one.threads, two.threads]).toEqual([1, 2]);
    for (const other of [two, again])
      expect({ epochs: other.epochs, test: other.test }).toEqual({ epochs: one.epochs, test: one.test });
  });

  it.skipIf(!existsSync('/usr/share/datasets/fashion-mnist'))('reaches 87 % on all of them', async () => {
    const { epochs, test } = await trainOn('fashion-mnist', 2);
    expect(epochs).toHaveLength(10);
    expect(test.accuracy).toBeGreaterThanOrEqual(0.87);
  });
});
