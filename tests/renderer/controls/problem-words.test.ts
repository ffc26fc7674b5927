/** Problems on a Japanese page: every broken network there is, what is wrong with it and what mends it, said without English. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src-worker/contract/problems.ts';
import { reportOf } from '../../../src-worker/report/report.ts';
import { expectedAndActual, fixText, lintTexts, problemText } from '../../../src-renderer/controls/problem-words.ts';
import { backendDetail } from '../../../src-renderer/controls/words.ts';
import { words } from '../../../src-renderer/i18n/t.svelte.ts';
import { describedDatasets } from '../../support/datasets.ts';
import broken from '../../broken-networks/broken.json' with { type: 'json' };

const spec = broken[0]!.spec;
const problemsOf = (input: unknown): readonly Problem[] => reportOf(input, describedDatasets).problems;

/** Words that no name in a specification is made of. */
const ENGLISH =
  /\b(a|an|the|of|is|are|must|wires?|layers?|inputs?|to|and|or|expected|found|nothing|number|object|text|list|missing|true|false)\b/i;
/** Without names and JSON, which stay as they are in every language. */
const prose = (text: string) =>
  text.replace(
    /「[^」]*」|いずれかにしてください: [\w, -]+|\{[^}]*\}|\[[^\]]*\]|（true または false）|[\w-]+(\.[\w-]+)+|[\w-]+ → [\w-]+/g,
    ''
  );

describe('on a Japanese page', () => {
  beforeAll(() => void (words.language = 'ja'));
  afterAll(() => void (words.language = 'en'));

  it.each(broken.map(({ title, spec: input }) => [title, input] as const))('%s', (_, input) => {
    const problems = problemsOf(input);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      const pair = expectedAndActual(problem);
      for (const text of [problemText(problem), pair?.expected, pair?.actual, ...problem.fixes.map(fixText)])
        if (text !== undefined) expect(prose(text)).not.toMatch(ENGLISH);
    }
  });

  it('counts and types are said as the language says them', () => {
    const twice = { ...spec, network: { nodes: [...spec.network.nodes], edges: [] } };
    const [first] = problemsOf({ ...twice, training: { epochs: 'many' } }).filter(({ code }) => code === 'wrong-type');
    expect(problemText(first!)).toBe('エポック数には数値が必要です。数値を指定してください。');
    expect(expectedAndActual(first!)).toEqual({ expected: '数値', actual: '"many"' });
    const [loose] = problemsOf(twice).filter(({ code }) => code === 'too-few-wires');
    expect(expectedAndActual(loose!)).toEqual({ expected: '配線 1 本', actual: '配線 0 本' });
  });

  it('what is chosen from a list is called as there', () => {
    const nodes = [spec.network.nodes[0], { id: 'flat', kind: 'flatten' }, { id: 'out', kind: 'dense', units: 10 }];
    const edges = [
      ['input', 'flat'],
      ['flat', 'out']
    ];
    const input = { ...spec, network: { nodes, edges }, training: { metrics: [{ kind: 'rmse' }] } };
    const [unlike] = problemsOf(input).filter(({ code }) => code === 'metric-unlike-target');
    expect(problemText(unlike!)).toContain('正解率、');
    expect(problemText(unlike!)).not.toContain('accuracy');
  });

  it('a backend says how it computes', () => {
    expect(backendDetail('relaxed SIMD, 4 threads')).toBe('緩和 SIMD、4 スレッド');
    expect(backendDetail('SIMD, 1 thread')).toBe('SIMD、1 スレッド');
    expect(backendDetail('plain loops, float32')).toBe('単純なループ、float32');
    expect(backendDetail('NVIDIA H100')).toBe('NVIDIA H100');
  });

  it('an advice names kinds as they are called', () => {
    const finding = {
      ...{ rule: 'saturating-stack', node: null, path: null, message: '', lesson: null, fixes: [] },
      words: { count: 4, kind: 'sigmoid' }
    };
    expect(lintTexts(finding).what).toContain('シグモイド');
  });
});

it('a problem of a setting says which', () => {
  const [problem] = problemsOf({ ...spec, training: { batchSize: 1e9 } }).filter(({ code }) => code === 'too-large');
  expect(problemText(problem!)).toBe('Batch size must be at most 65536. Give a smaller value.');
});
