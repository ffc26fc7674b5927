/** `caviar verify` and `caviar gradcheck` from the outside. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goldenCopy } from '../../golden/read.ts';
import { commandLine, jsonError, jsonLines, type Json } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const golden = (file: string): Json => JSON.parse(readFileSync(join(goldenCopy, file), 'utf8'));

function folderOf(files: Record<string, unknown>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

/** Some losses: one right, one with a wrong expectation, one of a kind that nobody knows. */
function someLosses(): Json {
  const losses = golden('losses.json');
  const [right, wrong, strange] = losses.cases;
  wrong.expected.loss.data[0] += 0.01;
  wrong.expected.dlogits.data[3] += 1e-6;
  strange.kind = 'focal';
  return { ...losses, cases: [right, wrong, strange] };
}

const run = (...args: string[]) => commandLine().run(...args);

describe('caviar verify', () => {
  it('runs what is in the folder and ends with the whole as one line of JSON', async () => {
    const folder = folderOf({ 'losses.json': golden('losses.json'), 'train.json': { ...golden('schedules.json') } });
    const { code, stdout } = await run('verify', folder, '--json', '--backend', 'reference');
    expect(code).toBe(0);
    const lines = jsonLines(stdout);
    expect(lines.slice(0, -1)).toMatchObject([
      { file: 'losses.json', cases: 13, passed: 13, failed: 0, unsupported: 0, worst: expect.any(Number) },
      { file: 'train.json', cases: 14, passed: 14 }
    ]);
    expect(lines.at(-1)).toEqual({ cases: 27, passed: 27, failed: [], unsupported: [] });
  });

  it('goes into the folders of the folder', async () => {
    const folder = folderOf({ 'losses.json': golden('losses.json') });
    mkdirSync(join(folder, 'more'));
    writeFileSync(join(folder, 'more', 'schedules.json'), JSON.stringify(golden('schedules.json')));
    const { stdout } = await run('verify', folder, '--json', '--backend', 'reference');
    expect(jsonLines(stdout)).toMatchObject([
      { file: 'losses.json', passed: 13 },
      { file: 'more/schedules.json', passed: 14 },
      { cases: 27, passed: 27 }
    ]);
  });

  it('says of a failure what came and what should have come, and ends with 1', async () => {
    const folder = folderOf({ 'losses.json': someLosses() });
    const { code, stdout } = await run('verify', folder, '--json');
    expect(code).toBe(1);
    const { name, expected } = someLosses().cases[1];
    expect(jsonLines(stdout).at(-1)).toEqual({
      cases: 3,
      passed: 1,
      failed: [
        {
          ...{ name, file: 'losses.json', output: 'loss', at: 0 },
          worst: expect.any(Number),
          got: expect.closeTo(expected.loss.data[0] - 0.01, 5),
          expected: Math.fround(expected.loss.data[0])
        }
      ],
      unsupported: [
        { name: someLosses().cases[2].name, file: 'losses.json', why: 'cases of the kind “focal” are not known here' }
      ]
    });
    expect(jsonLines(stdout).at(-1).failed[0].worst).toBeGreaterThan(100);
  });

  it('shows a table, every output that failed and what is unsupported', async () => {
    const { code, stdout } = await run('verify', folderOf({ 'losses.json': someLosses() }), '--backend', 'wasm-simd');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^file +cases +passed +failed +unsupported +worst\nlosses\.json +3 +1 +1 +1 /);
    expect(stdout).toMatch(
      /Failed:\nlosses\.json: softmax_ce_one_sample\n {2}loss\[0\]: 5\.55\d+ instead of 5\.56\d+, \d+\S* times the tolerance\n {2}dlogits\[3\]/
    );
    expect(stdout).toContain('Unsupported:\nlosses.json: softmax_ce_label_smoothing: cases of the kind “focal”');
    expect(stdout.trimEnd().endsWith('1 of 3 cases passed.')).toBe(true);
  });

  it('runs training on two threads', async () => {
    const cases = golden('optimizers.json').cases.filter(({ name }: Json) => name === 'adam_a_mlp');
    const folder = folderOf({ 'optimizers.json': { ...golden('optimizers.json'), cases } });
    const { code, stdout } = await run('verify', folder, '--threads', '2', '--backend', 'wasm-relaxed', '--json');
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toEqual({ cases: 1, passed: 1, failed: [], unsupported: [] });
  });

  const index = (changes: object) => {
    const text = JSON.stringify(golden('edges.json'));
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { 'edges.json': text, 'index.json': { files: [{ file: 'edges.json', cases: 20, sha256, ...changes }] } };
  };

  it('reads the files of an index alone, checked', async () => {
    const folder = folderOf({ ...index({}), 'other.json': 'no golden cases' });
    const { code, stdout } = await run('verify', folder, '--json', '--backend', 'reference');
    expect([code, jsonLines(stdout).at(-1)]).toEqual([0, { cases: 20, passed: 20, failed: [], unsupported: [] }]);
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'a file changed since',
      index({ sha256: 'ab'.repeat(32) }),
      'bad_golden_file',
      /edges\.json is not the file that index\.json lists: its SHA-256 is /
    ],
    [
      'another number of cases',
      index({ cases: 21 }),
      'bad_golden_file',
      /edges\.json has 20 cases, but its index says 21/
    ],
    [
      'a file that is not there',
      index({ file: 'gone.json' }),
      'unreadable_file',
      /gone\.json cannot be read \(ENOENT\)/
    ],
    [
      'an index of something else',
      { 'index.json': {} },
      'bad_golden_file',
      /index\.json does not list golden files: files: /
    ],
    ['an index that is no JSON', { 'index.json': '{' }, 'bad_golden_file', /index\.json is not JSON: /],
    ['a file that is no JSON', { 'a.json': '{"format"' }, 'bad_golden_file', /a\.json is not JSON: /],
    [
      'another format',
      { 'a.json': { format: 'x' } },
      'bad_golden_file',
      /a\.json is not of the format nn-golden\/1: format: /
    ],
    ['an empty folder', {}, 'unreadable_file', /there is no \.json file in it/]
  ])('refuses %s', async (_, files, code, message) => {
    const finished = await run('verify', folderOf(files), '--json');
    expect(finished.code).toBe(2);
    expect(finished.stdout).toBe('');
    expect(jsonError(finished.stderr)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses a folder that is not there, and a backend that is not here', async () => {
    const missing = await run('verify', join(temporaryFolder(), 'nowhere'), '--json');
    expect([missing.code, jsonError(missing.stderr).code]).toEqual([2, 'unreadable_file']);
    const folder = folderOf({ 'edges.json': golden('edges.json') });
    const gpu = await run('verify', folder, '--backend', 'webgpu', '--json');
    expect([gpu.code, jsonError(gpu.stderr)]).toMatchObject([2, { code: 'backend_unavailable' }]);
  });
});

describe('caviar gradcheck', () => {
  it('checks every parameter of a preset', async () => {
    const { code, stdout } = await run('gradcheck', 'spiral', '--json', '--samples', '6');
    expect(code).toBe(0);
    const lines = jsonLines(stdout);
    expect(lines.slice(0, -1).map(({ name, size, checked, passed }) => [name, size, checked, passed])).toEqual([
      ['h1.W', 16, 6, true],
      ['h1.b', 8, 6, true],
      ['h2.W', 64, 6, true],
      ['h2.b', 8, 6, true],
      ['out.W', 16, 6, true],
      ['out.b', 2, 2, true]
    ]);
    expect(lines.at(-1)).toMatchObject({ passed: true, limit: 1e-5, step: 1e-5, parameters: 6, failed: [] });
    expect(lines.at(-1).error).toBeLessThan(1e-8);
    expect(lines.at(-1).error).toBeGreaterThan(0);
  });

  it('shows a table', async () => {
    const { code, stdout } = await run('gradcheck', 'xor', '--examples', '10');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^parameter +layer +values +tried +kinks +error\nh1\.W +dense +8 +8 +0 +\d\.\de-\d+ +good\n/
    );
    expect(stdout).toContain('All gradients are right: error ');
  });

  it('ends with 1 where differences and gradients do not agree', async () => {
    // Steps this long are no longer small against the curves of tanh.
    const { code, stdout } = await run('gradcheck', 'spiral', '--step', '0.5', '--json');
    expect(code).toBe(1);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ passed: false, failed: expect.arrayContaining(['h2.W']) });
  });

  it('refuses what is no experiment and no step', async () => {
    const unknown = await run('gradcheck', 'spiral', '--set', 'network.nodes.h1.units=0', '--json');
    expect([unknown.code, jsonError(unknown.stderr).code]).toEqual([2, 'invalid_experiment']);
    const step = await run('gradcheck', 'spiral', '--step', '-1', '--json');
    expect([step.code, jsonError(step.stderr).code]).toEqual([2, 'invalid_argument']);
  });
});
