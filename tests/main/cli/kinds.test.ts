import { describe, expect, it } from 'vitest';
import { families } from '../../../src-worker/graph/choices.ts';
import { commandLine, jsonError } from '../../support/cli.ts';

describe('caviar kinds', () => {
  it('lists every kind of every table', async () => {
    const { code, stdout } = await commandLine().run('kinds');
    expect(code).toBe(0);
    for (const kinds of Object.values(families))
      for (const kind of Object.keys(kinds)) expect(stdout).toMatch(new RegExp(`^${kind} {2,}\\S`, 'm'));
  });

  it('explains a kind with its settings, and all kinds of that name', async () => {
    const { run } = commandLine();
    expect((await run('kinds', 'conv2d')).stdout).toMatch(
      /^conv2d \(layers\): .*\nsetting +default +range\nfilters +16 +1 … 4096 +Number of filters$/m
    );
    const { stdout } = await run('kinds', 'constant');
    expect(stdout).toMatch(/^constant \(schedules\)/m);
    expect(stdout).toMatch(/^constant \(initializers\)/m);
  });

  it('answers JSON', async () => {
    const { stdout } = await commandLine().run('kinds', 'optimizers', '--json');
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(Object.keys(families.optimizers));
  });

  it('suggests what may have been meant', async () => {
    const { code, stderr } = await commandLine().run('kinds', 'conv2', '--json');
    expect(code).toBe(2);
    expect(jsonError(stderr).message).toMatch(/Did you mean “conv2d”/);
  });
});
