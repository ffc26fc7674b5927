import { describe, expect, it } from 'vitest';
import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { commandLine, jsonError, jsonLines, type Json } from '../../support/cli.ts';

/** Some seconds of training, an epoch every few milliseconds. */
const long = ['train', 'spiral', '--backend', 'wasm', '--threads', '1', '--json'];
const epochs = (n: number) => ['--set', `training.epochs=${n}`];

const metricsOf = (lines: Json[]) =>
  lines.filter(({ type }) => type === 'epoch').map(({ epoch, train, dev }) => ({ epoch, train, dev }));
const endOf = (lines: Json[]) => lines.findLast(({ type }) => type === 'end');

type Lab = ReturnType<typeof commandLine>;
const shown = async (lab: Lab, run = 1) => JSON.parse((await lab.run('show', String(run), '--json')).stdout);

/** Starts a command and kills it when it has told `lines` lines. */
async function killed(lab: Lab, args: string[], lines: number): Promise<void> {
  const { child, seen, finished } = lab.start(args);
  await expect.poll(() => seen.stdout.split('\n').length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(lines);
  child.kill('SIGKILL');
  await finished;
}

describe('caviar resume', () => {
  it('goes on after a kill with the losses of a run that was never cut off, to the last bit', async () => {
    const lab = commandLine();
    const whole = jsonLines((await lab.run(...long, ...epochs(600))).stdout);
    await killed(lab, [...long, ...epochs(600)], 150);
    expect((await shown(lab, 2)).status).toBe('interrupted');
    await killed(lab, ['resume', '2', '--threads', '1', '--json'], 100);
    const { code, stdout } = await lab.run('resume', '2', '--threads', '1', '--json');
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ type: 'reopen', run: 2, backend: 'wasm' });
    expect(endOf(jsonLines(stdout))).toMatchObject({ status: 'completed', test: endOf(whole).test });
    const record = await shown(lab, 2);
    expect(metricsOf(record.epochs.map((epoch: Json) => ({ type: 'epoch', ...epoch })))).toEqual(metricsOf(whole));
    expect(record.acts.map(({ type }: Json) => type)).toEqual(['reopen', 'reopen']);
    const db = new Sqlite(join(lab.home, 'caviar.db'), { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });

  it('says what to do with a run that is over, or is none', async () => {
    const lab = commandLine();
    await lab.run('train', 'xor', '--backend', 'reference', '--epochs', '1');
    const over = await lab.run('resume', '1', '--json');
    expect([over.code, jsonError(over.stderr).code]).toEqual([2, 'run_already_ended']);
    expect(over.stderr).toContain('caviar fork 1 --from latest');
    const none = await lab.run('resume', '7', '--json');
    expect([none.code, jsonError(none.stderr).code]).toEqual([2, 'run_not_found']);
  });
});

describe('caviar train --at', () => {
  const quick = ['train', 'xor', '--backend', 'reference', '--epochs', '4', '--json'];

  it('changes settings on the way, told, stored, and repeated by replay to the last bit', async () => {
    const lab = commandLine();
    const plain = jsonLines((await lab.run(...quick)).stdout);
    const at = ['--at', 'epoch=2 training.optimizer.learningRate=1e-4', '--at', 'step=200 training.regularize.l2=0.01'];
    const changed = jsonLines((await lab.run(...quick, ...at)).stdout);
    const changes = changed.filter(({ type }) => type === 'change');
    expect(changes).toEqual([
      { type: 'change', step: 81, path: 'training.optimizer.learningRate', from: expect.any(Number), to: 1e-4 },
      { type: 'change', step: 200, path: 'training.regularize.l2', from: 0, to: 0.01 }
    ]);
    expect(metricsOf(changed)[0]).toEqual(metricsOf(plain)[0]);
    expect(metricsOf(changed)[1]).not.toEqual(metricsOf(plain)[1]);
    expect((await shown(lab, 2)).acts).toEqual(changes);
    const { code, stdout } = await lab.run('replay', '2', '--json');
    expect(jsonLines(stdout).at(-1)).toEqual({
      ...{ type: 'replay', run: 2, equal: true, steps: 320, epochs: 4, difference: null }
    });
    expect(code).toBe(0);
    expect(metricsOf(jsonLines(stdout))).toEqual(metricsOf(changed));
    expect(JSON.parse((await lab.run('runs', '--json')).stdout)).toHaveLength(2);
  });

  it.each([
    ['epoch=2 network.nodes.h1.units=5', 'cannot change while a run trains'],
    ['epoch=2 training.optimizer.learningRate=-1', 'training.optimizer.learningRate'],
    ['training.optimizer.learningRate=1', 'epoch=N or step=N'],
    ['epoch=0 training.optimizer.learningRate=1', 'epoch=N or step=N']
  ])('refuses "%s" before anything is stored', async (at, why) => {
    const lab = commandLine();
    const { code, stderr } = await lab.run(...quick, '--at', at);
    expect(code).toBe(2);
    expect(jsonError(stderr)).toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(why) });
    expect(JSON.parse((await lab.run('runs', '--json')).stdout)).toEqual([]);
  });
});

describe('caviar fork', () => {
  it('trains with exactly one thing changed, from the first step or from a checkpoint', async () => {
    const lab = commandLine();
    const quick = ['--backend', 'reference', '--json'];
    const first = jsonLines((await lab.run('train', 'xor', '--epochs', '3', ...quick)).stdout);
    const [checkpoint] = JSON.parse((await lab.run('checkpoints', '1', '--json')).stdout).slice(-1);
    expect(checkpoint).toMatchObject({ step: 240, epoch: 3, why: 'end' });
    await lab.run('fork', '1', '--set', 'training.optimizer.learningRate=0.001', ...quick);
    const [one, two] = [await shown(lab, 1), await shown(lab, 2)];
    expect(two).toMatchObject({ parent: { run: 1, checkpoint: null } });
    expect(two.spec).toEqual({
      ...one.spec,
      training: { ...one.spec.training, optimizer: { ...one.spec.training.optimizer, learningRate: 0.001 } }
    });
    // Longer, from where the first one ended: as if it had been that long from the beginning.
    const fork = await lab.run('fork', '1', '--from', 'latest', '--epochs', '5', ...quick);
    const longer = jsonLines((await lab.run('train', 'xor', '--epochs', '5', ...quick)).stdout);
    expect(metricsOf([...first, ...jsonLines(fork.stdout)])).toEqual(metricsOf(longer));
    expect(await shown(lab, 3)).toMatchObject({ parent: { run: 1, checkpoint: checkpoint.number } });
    const again = await lab.run('replay', '3', '--json');
    expect(jsonLines(again.stdout).at(-1)).toMatchObject({ type: 'replay', equal: true, steps: 160 });
  });

  it('says which checkpoints there are', async () => {
    const lab = commandLine();
    await lab.run('train', 'xor', '--backend', 'reference', '--epochs', '1');
    const { code, stderr } = await lab.run('fork', '1', '--from', '99', '--json');
    expect(code).toBe(2);
    expect(jsonError(stderr)).toMatchObject({
      code: 'checkpoint_not_found',
      message: expect.stringContaining('It has')
    });
  });
});
