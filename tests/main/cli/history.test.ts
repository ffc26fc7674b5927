import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/cli.ts';

const quick = ['--backend', 'reference', '--epochs', '2'];

describe('the history on the command line', () => {
  it('says how to begin when it is empty', async () => {
    const { run } = commandLine();
    expect(await run('runs')).toMatchObject({
      code: 0,
      stdout: 'No runs yet. Start one: caviar train fashion-5-layer\n'
    });
    expect((await run('runs', '--json')).stdout).toBe('[]\n');
  });

  it('lists runs as an array, newest first', async () => {
    const { run } = commandLine();
    await run('train', 'xor', ...quick);
    await run('train', 'spiral', ...quick);
    const runs = JSON.parse((await run('runs', '--json')).stdout);
    expect(runs.map(({ id, name }: { id: number; name: string }) => [id, name])).toEqual([
      [2, 'spiral'],
      [1, 'xor']
    ]);
    const measured = { train: { loss: expect.any(Number) as number, accuracy: expect.any(Number) as number } };
    expect(runs[1]).toMatchObject({
      ...{ status: 'completed', dataset: 'xor', backend: 'reference', seconds: expect.any(Number) as number },
      ...{ last: measured, best: { ...measured, epoch: expect.any(Number) as number } }
    });
    expect(Math.abs(Date.parse(runs[1].started) - Date.now())).toBeLessThan(60_000);
    expect((await run('runs')).stdout).toMatch(/^run +name .*\n +2 +spiral +completed .*\n +1 +xor +completed /);
    expect(JSON.parse((await run('runs', '--json', '--limit', '1')).stdout)).toHaveLength(1);
  });

  it('shows a run with its network, epochs and result', async () => {
    const { run } = commandLine();
    await run('train', 'xor', ...quick);
    const { stdout } = await run('show', '1');
    expect(stdout).toContain('input → dense → tanh → dense, 22 parameters');
    expect(stdout).toMatch(/^epoch +train loss +accuracy +dev loss +accuracy +f1 +seconds\n1\/2 .*\n2\/2 .*\n$/m);
    expect(stdout).toMatch(
      /^On the test set:\nclass +examples +precision +recall +F1\nsame signs +250 .*%\nopposite signs +250 .*%\n$/m
    );
  });

  it('shows what most runs do without', async () => {
    const { run } = commandLine();
    const changes = ['training.regularize.l2=0.01', 'training.clip={"kind":"value","limit":1}', 'data.limit=500'];
    await run('train', 'xor', ...quick, ...changes.flatMap((change) => ['--set', change]));
    expect((await run('show', '1')).stdout).toMatch(/^with +500 examples, l2 0\.01, gradients clipped by value at 1$/m);
  });

  it('is kept where --db or CAVIAR_HOME says', async () => {
    const { home, run } = commandLine();
    const other = join(home, 'elsewhere', 'other.db');
    await run('train', 'xor', ...quick, '--db', other);
    expect((await run('runs', '--json')).stdout).toBe('[]\n');
    expect(JSON.parse((await run('runs', '--json', '--db', other)).stdout)).toHaveLength(1);
    expect(readFileSync(join(home, 'caviar.db')).subarray(0, 15).toString()).toBe('SQLite format 3');
  });
});

describe('the other commands', () => {
  it('list presets and datasets', async () => {
    const { run } = commandLine();
    expect((await run('presets')).stdout).toMatch(/^fashion-5-layer +fashion-mnist/m);
    expect(JSON.parse((await run('presets', '--json')).stdout)).toContainEqual(
      expect.objectContaining({
        name: 'fashion-5-layer',
        experiment: expect.objectContaining({ version: 1 }) as object
      })
    );
    expect((await run('datasets')).stdout).toMatch(/^spiral +generated +2 +2 +1 000 +500/m);
    const names = JSON.parse((await run('datasets', 'list', '--json')).stdout).map(
      ({ name }: { name: string }) => name
    );
    expect(names).toEqual(expect.arrayContaining(['circles', 'xor', 'gauss', 'spiral']));
  });

  it('teach: help has examples and exit codes', async () => {
    const { run } = commandLine();
    for (const args of [[], ['--help'], ['help']])
      expect(await run(...args)).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes:') as string });
    expect((await run('train', '--help')).stdout).toContain('Examples:');
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.skipIf(process.platform === 'win32')('serve until they are told to end', async () => {
    const { start } = commandLine();
    const { child, seen, finished } = start(['serve', '--port', '0']);
    await expect.poll(() => seen.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\//);
    const url = /http:\S+/.exec(seen.stdout)![0];
    expect((await fetch(url)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await finished).code).toBe(0);
  });
});
