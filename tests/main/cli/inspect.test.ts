import { describe, expect, it } from 'vitest';
import { commandLine, jsonError } from '../../support/cli.ts';

describe('caviar inspect', () => {
  it('shows every layer before the first step, and what becomes of signal and gradient', async () => {
    const { code, stdout } = await commandLine().run('inspect', 'spiral');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^The first mini-batch, 10 examples, before the first update:\nlayer +kind +activations: mean/
    );
    for (const layer of ['input', 'h1', 'a1', 'h2', 'a2', 'out']) expect(stdout).toMatch(new RegExp(`^${layer} `, 'm'));
    expect(stdout).toMatch(/^Standard deviation of activations, a1 to a2: 0\.\d+ → 0\.\d+$/m);
    expect(stdout).toMatch(/^Standard deviation of gradients, back from a2 to a1: /m);
  });

  it('sees the signal die in deep relu layers that start from N(0, 0.01)', async () => {
    const { run } = commandLine();
    const ratio = async (...more: string[]) => {
      const { stdout } = await run('inspect', 'fashion-5-layer', '--json', ...more);
      const { layers } = JSON.parse(stdout) as { layers: { node: string; activations: { sd: number } }[] };
      const sd = (wanted: string) => layers.find(({ node }) => node === wanted)!.activations.sd;
      return sd('a4') / sd('a1');
    };
    const he = await ratio();
    expect(he).toBeGreaterThan(0.5);
    expect(he).toBeLessThan(2);
    expect(await ratio('--set', 'network.nodes.h*.init={"kind":"normal","std":0.01}')).toBeLessThan(0.01);
  });

  it('reports every mistake of the experiment', async () => {
    const { code, stderr } = await commandLine().run('inspect', 'xor', '--json', '--set', 'training.batchSize=0');
    expect(code).toBe(2);
    expect(jsonError(stderr).details.problems).toMatchObject([{ path: 'training.batchSize' }]);
  });
});
