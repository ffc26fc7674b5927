import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine, jsonError, jsonLines } from '../../support/cli.ts';
import { presetExperiment } from '../../support/presets.ts';

const quick = ['--backend', 'reference', '--epochs', '3'];

describe('caviar train --json', () => {
  it('prints start, every epoch and end as JSON lines, nothing else', async () => {
    const { code, stdout, stderr } = await commandLine().run('train', 'xor', ...quick, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [start, ...rest] = jsonLines(stdout);
    const end = rest.pop();
    expect(start).toMatchObject({
      type: 'start',
      run: 1,
      backend: 'reference',
      parameters: 22,
      epochs: 3,
      dataset: 'xor'
    });
    expect(rest.map(({ type, epoch }) => [type, epoch])).toEqual([
      ['epoch', 1],
      ['epoch', 2],
      ['epoch', 3]
    ]);
    for (const { train, dev, seconds } of rest)
      for (const value of [train.loss, train.accuracy, dev.loss, dev.accuracy, seconds])
        expect(value).toBeGreaterThan(0);
    expect(end).toEqual({
      ...{ type: 'end', run: 1, status: 'completed', seconds: expect.any(Number) as number },
      test: {
        loss: expect.any(Number) as number,
        accuracy: expect.any(Number) as number,
        f1: expect.any(Number) as number
      },
      reports: [
        { node: 'out', on: 'test', items: expect.any(Array) as unknown[], confusion: expect.any(Array) as unknown[] }
      ]
    });
    expect(end.test.accuracy).toBeGreaterThan(0.8);
    const [[right0], [, right1]] = end.reports[0].confusion as [[number, number], [number, number]];
    expect((right0 + right1) / 500).toBeCloseTo(end.test.accuracy, 12);
  });

  it('gives the same losses to the last bit for the same seed, others for another', async () => {
    const { run } = commandLine();
    const losses = async (...more: string[]) =>
      jsonLines((await run('train', 'xor', ...quick, '--json', ...more)).stdout)
        .filter(({ type }) => type === 'epoch')
        .map(({ train, dev }) => [train.loss, dev.loss]);
    const first = await losses();
    expect(await losses()).toEqual(first);
    expect(await losses('--set', 'seed=7')).not.toEqual(first);
  });

  it('keeps exactly what it printed', async () => {
    const { run } = commandLine();
    const printed = jsonLines((await run('train', 'xor', ...quick, '--json')).stdout);
    const shown = JSON.parse((await run('show', '1', '--json')).stdout);
    expect(shown.status).toBe('completed');
    expect(shown.epochs).toEqual(
      printed.slice(1, -1).map(({ epoch, train, dev, seconds }) => ({ epoch, train, dev, seconds }))
    );
    expect(shown.result).toMatchObject({ test: printed.at(-1).test, best: { epoch: expect.any(Number) as number } });
    expect(shown.spec).toMatchObject({ name: 'xor', seed: 42, training: { epochs: 3 } });
  });
});

describe('caviar train', () => {
  it('prints a line per epoch where there is no terminal', async () => {
    const { code, stdout } = await commandLine().run('train', 'xor', ...quick);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Run 1: xor on xor \(800 to train, 200 dev, 500 test\), 22 parameters\n/);
    expect(stdout.match(/^epoch [123]\/3 {2}train loss .* dev loss .* s$/gm)).toHaveLength(3);
    expect(stdout).toMatch(/^Run 1 completed after .* Test loss .*%\.$/m);
    expect(stdout).not.toContain('\u001b');
  });

  it('changes settings by path, numbers and words alike', async () => {
    const { run } = commandLine();
    const settings = [
      'training.optimizer.learningRate=0.05',
      'network.nodes.h1.units=6',
      'network.nodes.a1.kind=relu',
      'name=other'
    ];
    const { stdout } = await run(
      'train',
      'xor',
      ...quick,
      '--json',
      '--dataset',
      'circles',
      ...settings.flatMap((set) => ['--set', set])
    );
    expect(jsonLines(stdout)[0]).toMatchObject({
      name: 'other',
      dataset: 'circles',
      parameters: 2 * 6 + 6 + 6 * 2 + 2
    });
    const { spec } = JSON.parse((await run('show', '1', '--json')).stdout);
    expect(spec.training.optimizer).toMatchObject({ kind: 'momentum', learningRate: 0.05, momentum: 0.9 });
    expect(spec.network.nodes[2].kind).toBe('relu');
  });

  it('trains the experiment of a file, which on Windows may begin with a byte order mark', async () => {
    const { home, run } = commandLine();
    const file = join(home, 'mine.json');
    const { version, name, data, network } = presetExperiment('xor');
    writeFileSync(file, `\ufeff${JSON.stringify({ version, name, data, network })}`);
    const { code, stdout } = await run('train', file, ...quick, '--json');
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ name: 'xor', epochs: 3 });
  });

  it('ends a run whose loss is no longer a number as diverged', async () => {
    const { code, stdout } = await commandLine().run(
      'train',
      'xor',
      ...quick,
      '--json',
      '--set',
      'network.nodes.a1.kind=relu',
      '--set',
      'network.nodes.h1.init={"kind":"normal","std":1e30}'
    );
    expect(code).toBe(4);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'end', status: 'diverged', test: null });
  });

  it('reports all mistakes of an experiment at once and stores nothing', async () => {
    const { home, run } = commandLine();
    const file = join(home, 'wrong.json');
    const wrong = {
      ...presetExperiment('xor'),
      seed: -1,
      data: { dataset: 'none-such', split: { train: 0.9, dev: 0.4 } },
      training: { batchSize: 0, optimizer: { kind: 'adan' }, epochz: 3 }
    };
    writeFileSync(file, JSON.stringify(wrong));
    const { code, stdout, stderr } = await run('train', file, '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const { code: kind, details } = jsonError(stderr);
    expect(kind).toBe('invalid_experiment');
    const paths = details.problems.map(({ path }: { path: string }) => path);
    const expected = [
      'seed',
      'data.dataset',
      'data.split',
      'training.batchSize',
      'training.optimizer.kind',
      'training.epochz'
    ];
    expect(paths.sort()).toEqual(expected.sort());
    for (const path of expected) expect(stderr).toContain(`- ${path}: `);
    expect(JSON.parse((await run('runs', '--json')).stdout)).toEqual([]);
  });
});

describe('a run that is interrupted', () => {
  const endless = ['train', 'spiral', '--backend', 'reference', '--epochs', '100000', '--json'];
  const begun = async (cli = commandLine()) => {
    const started = cli.start(endless);
    await expect.poll(() => started.seen.stdout.split('\n').length, { timeout: 15_000 }).toBeGreaterThan(5);
    return { ...started, run: cli.run };
  };

  // Windows has no signals between processes: there Ctrl-C comes from the console alone.
  it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
    'by %s stops cleanly and is kept with all that was measured',
    async (signal) => {
      const { child, finished, run } = await begun();
      child.kill(signal);
      const { code, stdout, stderr } = await finished;
      expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
      const lines = jsonLines(stdout);
      expect(lines.at(-1)).toMatchObject({ type: 'end', status: 'stopped', test: null });
      const shown = JSON.parse((await run('show', '1', '--json')).stdout);
      expect(shown.status).toBe('stopped');
      expect(shown.epochs).toHaveLength(lines.filter(({ type }) => type === 'epoch').length);
    }
  );

  it('by SIGKILL is found interrupted, with its curve up to the kill', async () => {
    const { child, finished, run } = await begun();
    child.kill('SIGKILL');
    const { stdout } = await finished;
    const printed = stdout.split('\n').filter((line) => line.includes('"epoch"') && line.endsWith('}')).length;
    const [found] = JSON.parse((await run('runs', '--json')).stdout);
    expect(found).toMatchObject({ id: 1, status: 'interrupted', ended: expect.any(String) as string });
    const shown = JSON.parse((await run('show', '1', '--json')).stdout);
    expect(shown.epochs.length).toBeGreaterThanOrEqual(printed - 1);
    expect(found.epochsDone).toBe(shown.epochs.length);
  });

  it('by the end of its reader stops cleanly too', async () => {
    const { child, finished, run } = await begun();
    child.stdout!.destroy();
    expect((await finished).code).toBe(130);
    expect(JSON.parse((await run('runs', '--json')).stdout)[0].status).toBe('stopped');
  });

  it('is seen as running from elsewhere meanwhile', async () => {
    const { run } = await begun();
    expect(JSON.parse((await run('runs', '--json')).stdout)[0]).toMatchObject({
      status: 'running',
      backend: 'reference'
    });
  });
});
