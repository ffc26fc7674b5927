import { describe, expect, it } from 'vitest';
import { commandLine, jsonError, jsonLines, type Json } from '../../support/cli.ts';

describe('caviar bench --json', () => {
  it('measures each optimizer, and its figures follow from one another', async () => {
    const { code, stdout, stderr } = await commandLine().run('bench', '--workload', 'tiny', '--threads', '1', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [{ workloads, peak, rounds }, ...more] = jsonLines(stdout);
    expect(more).toEqual([]);
    expect(workloads.map(({ name, optimizer, backend, threads }: Json) => [name, optimizer, backend, threads])).toEqual(
      [
        ['tiny', 'sgd', 'wasm', 1],
        ['tiny', 'adam', 'wasm', 1]
      ]
    );
    // 2·8 + 8·8 + 8·2 multiply-adds forward, twice that backward without the first layer's 2·8, for 10 examples.
    const flop = 2 * 10 * (3 * 96 - 16);
    for (const { msPerStep, spread, imagesPerSecond, gflops, shareOfPeak } of workloads) {
      expect(msPerStep).toBeGreaterThan(1e-5);
      expect(spread).toBeGreaterThanOrEqual(0);
      expect(imagesPerSecond).toBeCloseTo(10_000 / msPerStep);
      expect(gflops).toBeCloseTo(flop / msPerStep / 1e6);
      expect(shareOfPeak).toBeCloseTo(gflops / peak.gflops);
    }
    expect(peak.gflops).toBeGreaterThan(1);
    expect(rounds).toBeGreaterThan(0);
  });

  it('measures the backends that are asked for, with one thread where there is work for one', async () => {
    const asked = ['--backend', 'reference', '--backend', 'wasm'];
    const { stdout } = await commandLine().run('bench', '--workload', 'tiny', ...asked, '--json');
    const [{ workloads }] = jsonLines(stdout);
    const sgd = workloads.filter(({ optimizer }: Json) => optimizer === 'sgd');
    expect(sgd.map(({ backend, threads }: Json) => [backend, threads])).toEqual([
      ['reference', 1],
      ['wasm', 1]
    ]);
    expect(sgd[0].shareOfPeak).toBeNull();
    expect(sgd[0].msPerStep).toBeGreaterThan(sgd[1].msPerStep);
  });
});

describe('caviar bench', () => {
  it('prints a row for each configuration, and what its processor could do', async () => {
    const { code, stdout } = await commandLine().run('bench', '--workload', 'tiny');
    expect(code).toBe(0);
    const [header, first, second, , peak] = stdout.split('\n');
    expect(header).toMatch(/^workload +optimizer +backend +ms\/step +spread +images\/s +GFLOP\/s +of peak$/);
    expect(first).toMatch(/^tiny +sgd +wasm \(.*, 1 thread\)/);
    expect(second).toMatch(/^tiny +adam +wasm/);
    expect(peak).toMatch(/^SIMD peak of one thread: [\d.]+ GFLOP\/s \(.+\)\. Medians of \d rounds\.$/);
  });

  it.each<[string, string[], string, string[]]>([
    ['an unknown workload', ['--workload', 'tinny'], 'invalid_argument', ['tinny', 'Did you mean “tiny”?', 'mlp']],
    ['an unknown backend', ['--backend', 'tpu'], 'invalid_argument', ['tpu', 'wasm']],
    ['no thread at all', ['--threads', '0'], 'invalid_argument', ['0', 'whole number']],
    ['a backend that is not here', ['--workload', 'tiny', '--backend', 'webgl2'], 'backend_unavailable', ['webgl2']]
  ])('refuses %s with what to do', async (_what, args, code, words) => {
    const { code: ended, stdout, stderr } = await commandLine().run('bench', ...args, '--json');
    expect({ ended, stdout }).toEqual({ ended: 2, stdout: '' });
    expect(jsonError(stderr)).toMatchObject({ code });
    for (const word of words) expect(stderr).toContain(word);
  });
});
