import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../src-worker/contract/json-patch.ts';
import { messageOf, type Problem } from '../../src-worker/contract/problems.ts';
import { mended } from '../../src-worker/report/mend.ts';
import { reportOf } from '../../src-worker/report/report.ts';
import { describedDatasets, presetSpec } from '../support/datasets.ts';
import { mutationsOf } from './mutations.ts';

const presets = ['xor', 'small-cnn', 'residual-block', 'multi-task'];
const SLOW = 120_000;

const keyOf = ({ code, node, path, value }: Problem) =>
  [code, node, /\.\d/.test(path) ? JSON.stringify(value) : path].join(' ');
const countOf = (problems: readonly Problem[], one: Problem) =>
  problems.filter((other) => keyOf(other) === keyOf(one)).length;

describe.each(presets)('the preset %s, broken in every way', (name) => {
  const mutations = mutationsOf(name, presetSpec(name)).map((mutation) => ({
    ...mutation,
    report: reportOf(mutation.spec, describedDatasets)
  }));
  const broken = mutations.filter(({ report }) => report.problems.length > 0);

  it('is broken mostly, and each problem says what, where and what to do', () => {
    expect(broken.length).toBeGreaterThan(mutations.length / 2);
    for (const { what, report } of broken)
      for (const problem of report.problems) {
        expect(messageOf(problem), what).not.toMatch(/\{\w+\}|undefined|NaN/);
      }
  });

  it('has every layer either known, broken or waiting for one that is broken', () => {
    for (const { what, report } of broken) {
      const known = new Set(report.layers.map(({ id }) => id));
      for (const { id, for: culprit } of report.waiting) {
        expect(known.has(id), what).toBe(false);
        expect(known.has(culprit), what).toBe(false);
      }
    }
  });

  it(
    'is offered fixes each of which makes its problem go away',
    () => {
      let tried = 0;
      for (const { what, spec, report } of broken)
        for (const problem of report.problems)
          for (const { label, patch } of problem.fixes) {
            tried++;
            const after = reportOf(applyPatch(spec, patch), describedDatasets).problems;
            expect(countOf(after, problem), `${what}: ${label}`).toBeLessThan(countOf(report.problems, problem));
          }
      expect(tried).toBeGreaterThan(broken.length);
    },
    SLOW
  );

  it(
    'is mended in nine of ten cases by the first fixes',
    () => {
      const left = broken.filter(({ spec }) => mended(spec, describedDatasets).report.problems.length > 0);
      expect(left.length / broken.length).toBeLessThanOrEqual(0.1);
    },
    SLOW
  );
});
