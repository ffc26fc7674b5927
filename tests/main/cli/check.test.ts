import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../../src-worker/lint/table.ts';
import { commandLine } from '../../support/cli.ts';
import { presetSpec } from '../../support/datasets.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const lenet = presetSpec('lenet-5');

/** LeNet-5 without flatten, and with seven outputs. */
function brokenFile(): string {
  const { nodes, edges } = lenet.network;
  const network = {
    nodes: nodes.filter(({ id }) => id !== 'flat').map((node) => (node.id === 'out' ? { ...node, units: 7 } : node)),
    edges: [...edges.filter((wire) => !wire.includes('flat')), ['p2', 'h1']]
  };
  const file = join(temporaryFolder(), 'broken.json');
  writeFileSync(file, JSON.stringify({ ...lenet, network }));
  return file;
}

describe('caviar check', () => {
  it('answers of a preset that nothing is wrong, with shapes and counts', async () => {
    const { code, stdout } = await commandLine().run('check', 'lenet-5', '--json');
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({ ok: true, problems: [], lint: [], parameters: 61_706, multiplyAdds: 416_520 });
    expect(report.nodes[1]).toEqual({
      ...{ id: 'c1', kind: 'conv2d', shape: [28, 28, 6], parameters: 156, multiplyAdds: 117_600 }
    });
    expect(report.memoryBytes).toBeGreaterThan(1e6);
  });

  it('names the first broken layer, both shapes and a fix, and ends with 2', async () => {
    const file = brokenFile();
    const { code, stdout } = await commandLine().run('check', file, '--json');
    const { ok, problems, nodes, waiting } = JSON.parse(stdout);
    expect([code, ok]).toEqual([2, false]);
    expect(problems[0]).toMatchObject({
      ...{ node: 'h1', path: 'network.nodes.h1', code: 'needs-row', expected: '400', actual: '5×5×16' },
      message:
        'A dense layer takes a row of values, such as 400, but 5×5×16 comes in. Put a flatten layer in front of it.'
    });
    expect(nodes.at(-1)).toMatchObject({ id: 'p2', shape: [5, 5, 16] });
    expect(waiting).toContainEqual({ id: 'out', for: 'h1' });
    const { patch } = problems[0].fixes[0];
    expect(patch).toContainEqual({ op: 'add', path: '/network/nodes/7', value: { id: 'flatten', kind: 'flatten' } });
  });

  it('prints the mended experiment, which is right, and says what was done', async () => {
    const { run } = commandLine();
    const { code, stdout, stderr } = await run('check', brokenFile(), '--fix');
    expect(code).toBe(0);
    expect(stderr).toMatch(/mended: Flatten in front of “h1”[^]*mended: Set units of “out” to 10/);
    const file = join(temporaryFolder(), 'mended.json');
    writeFileSync(file, stdout);
    const again = await run('check', file);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/Nothing is wrong\. 61 706 parameters/);
  });

  it('with --fix and --json tells both in one object', async () => {
    const { stdout } = await commandLine().run('check', brokenFile(), '--fix', '--json');
    const { ok, fixed, experiment } = JSON.parse(stdout);
    expect(ok).toBe(true);
    expect(fixed.map(({ node }: { node: string }) => node)).toEqual(['h1', 'out']);
    expect(experiment.network.nodes.at(-1)).toMatchObject({ id: 'out', units: 10 });
  });

  it('refuses what is no JSON and what is not there', async () => {
    const { run } = commandLine();
    const file = join(temporaryFolder(), 'text.json');
    writeFileSync(file, 'no JSON');
    expect(await run('check', file)).toMatchObject({ code: 2, stderr: expect.stringMatching(/is not JSON/) });
    expect(await run('check', 'lenet')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Did you mean “lenet-5”/)
    });
  });
});

describe('caviar lint', () => {
  it('lists the rules', async () => {
    const { code, stdout } = await commandLine().run('lint', '--rules', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map(({ rule }: { rule: string }) => rule)).toEqual(rules.map(({ id }) => id));
  });

  it('gives advice that is no fault', async () => {
    const { code, stdout } = await commandLine().run('lint', 'deep-linear', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)[0]).toMatchObject({ rule: 'linear-stack', node: 'out', lesson: 'deep-linear' });
  });
});
