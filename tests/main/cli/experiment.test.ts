import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine, jsonError, jsonLines } from '../../support/cli.ts';
import { presetExperiment } from '../../support/presets.ts';

const words = { en: 'Which rate?', ja: 'どの学習率か。' };
const small = {
  ...{ title: words, question: words, expect: words, base: presetExperiment('xor'), seeds: [1, 2] },
  variants: [
    { name: 'slow', set: { 'training.optimizer.learningRate': 0.0001 } },
    { name: 'fast', set: { 'network.nodes.h*.units': 6 } }
  ]
};
const quick = ['--backend', 'reference', '--epochs', '2'];

function withFile(content: object) {
  const cli = commandLine();
  const file = join(cli.home, 'rates.json');
  writeFileSync(file, JSON.stringify(content));
  return { ...cli, file };
}

describe('caviar experiment', () => {
  it('trains every variant with every seed, each a run of the history, and compares them', async () => {
    const { run, file } = withFile(small);
    const { code, stdout, stderr } = await run('experiment', file, ...quick, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = jsonLines(stdout);
    const names = ['rates · slow · seed 1', 'rates · slow · seed 2', 'rates · fast · seed 1', 'rates · fast · seed 2'];
    expect(lines.filter(({ type }) => type === 'start').map(({ name }) => name)).toEqual(names);
    const { experiment, variants } = lines.at(-1);
    expect(experiment).toBe('rates');
    const ends = lines.filter(({ type }) => type === 'end');
    for (const [at, name] of ['slow', 'fast'].entries()) {
      const tests = ends.slice(2 * at, 2 * at + 2).map(({ test }) => test.loss);
      const variant = variants[at];
      expect(variant).toMatchObject({ variant: name, runs: [2 * at + 1, 2 * at + 2], statuses: ['completed'] });
      expect(variant.test.loss.mean).toBeCloseTo((tests[0] + tests[1]) / 2, 12);
      expect(variant.test.loss.sd).toBeGreaterThan(0);
    }
    expect(variants[1].train.loss.mean).toBeLessThan(variants[0].train.loss.mean);
    const history = JSON.parse((await run('runs', '--json')).stdout);
    expect(history.map(({ name }: { name: string }) => name).reverse()).toEqual(names);
  });

  it('prints the question, a line or two a run, and a table', async () => {
    const { run, file } = withFile(small);
    const { code, stdout } = await run('experiment', file, ...quick, '--only', 'fast', '--set', 'seed=5');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Which rate\?\n/);
    expect(stdout.match(/^Run \d completed/gm)).toHaveLength(2);
    expect(stdout).not.toMatch(/^epoch|^class/m);
    expect(stdout).toMatch(/^variant +epochs +train loss .*gap +seconds +runs\nfast +2 .*%.* 1, 2\n$/m);
  });

  it('counts a diverged variant as a result', async () => {
    const wild = {
      name: 'wild',
      set: { 'network.nodes.h1.init': { kind: 'normal', std: 1e30 }, 'network.nodes.a1.kind': 'relu' }
    };
    const { run, file } = withFile({ ...small, seeds: [1], variants: [wild, { name: 'tame' }] });
    const { code, stdout } = await run('experiment', file, ...quick);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wild \(diverged\) /m);
    expect(stdout).toMatch(/^tame +2 /m);
  });

  it('tells how many weights are exactly 0 where some are', async () => {
    // Between zeros on both sides no gradient gets through.
    const still = { name: 'still', set: { 'network.nodes.h1.init': 'zeros', 'network.nodes.out.init': 'zeros' } };
    const { run, file } = withFile({ ...small, seeds: [1], variants: [still, { name: 'dense' }] });
    const { stdout } = await run('experiment', file, ...quick);
    expect(stdout).toMatch(/ zero weights +gap/);
    expect(stdout).toMatch(/^still .* 100\.00 % .* 1$/m);
    expect(stdout).toMatch(/^dense .* 0\.00 % .* 2$/m);
  });

  it('reports the mistakes of all variants at once and stores nothing', async () => {
    const variants = [
      { name: 'one', set: { 'training.optimizer': { kind: 'adan' } } },
      { name: 'two', set: { 'training.batchSize': 0, 'network.nodes.h1.units': -1 } }
    ];
    const { run, file } = withFile({ ...small, variants });
    const { code, stdout, stderr } = await run('experiment', file, '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const paths = jsonError(stderr).details.problems.map(({ path }: { path: string }) => path);
    expect(paths.sort()).toEqual([
      'variants.one.training.optimizer.kind',
      'variants.two.network.nodes.h1.units',
      'variants.two.training.batchSize'
    ]);
    expect(JSON.parse((await run('runs', '--json')).stdout)).toEqual([]);
  });

  it('says which variants there are when one is misspelt', async () => {
    const { run, file } = withFile(small);
    const { code, stderr } = await run('experiment', file, '--only', 'fats', '--json');
    expect(code).toBe(2);
    expect(stderr).toContain('no variant “fats”. Did you mean “fast”? Known: slow, fast.');
  });
});

describe('caviar experiments', () => {
  it('lists every experiment with its question and its runs', async () => {
    const { code, stdout } = await commandLine().run('experiments');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^optimizers +30 +SGD, AdaGrad, Adam, Adadelta or Nadam/m);
    const listed = JSON.parse((await commandLine().run('experiments', '--json')).stdout);
    expect(listed.find(({ name }: { name: string }) => name === 'optimizers')).toMatchObject({
      title: { ja: '五つの最適化手法' },
      variants: expect.arrayContaining([expect.objectContaining({ name: 'relu-adam' })]) as unknown
    });
  });
});
