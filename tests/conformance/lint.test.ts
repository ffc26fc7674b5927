import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { applyPatch } from '../../src-worker/contract/json-patch.ts';
import { reportOf } from '../../src-worker/graph/report.ts';
import type { Example } from '../../src-worker/lint/rule.ts';
import { rules } from '../../src-worker/lint/table.ts';
import { describedDatasets, presetSpec } from '../support/datasets.ts';

function experimentOf({ layers, shape = [28, 28, 1], training = {}, data = {}, values = [] }: Example) {
  const nodes = [{ kind: 'input' }, ...layers].map((layer, index) => ({ id: `n${index}`, ...layer }));
  const info: DatasetInfo = {
    ...describedDatasets[0]!,
    name: 'example',
    shape: [...shape],
    classes: values.length > 0 ? [] : describedDatasets[0]!.classes,
    values: values.map((name) => ({ name, kind: 'number' }))
  };
  const spec = {
    version: 1,
    name: 'example',
    data: { dataset: 'example', ...data },
    network: { nodes, edges: nodes.slice(1).map(({ id }, index) => [`n${index}`, id]) },
    training
  };
  return { spec, datasets: [info] };
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('the rule %s', (id, { bad, good, words, lesson }) => {
  const findings = (example: Example) => {
    const { spec, datasets } = experimentOf(example);
    const { problems, lint } = reportOf(spec, datasets);
    expect(problems).toEqual([]);
    return lint.filter(({ rule }) => rule === id);
  };

  it('has something to say of its bad example, in whole sentences', () => {
    const found = findings(bad);
    expect(found.length).toBeGreaterThan(0);
    for (const { message, node } of found) {
      expect(message).toMatch(/\.$/);
      expect(message).not.toMatch(/\{\w+\}|undefined|NaN/);
      if (words.what.includes('{layer}')) expect(message).toContain(`“${node}”`);
    }
  });

  it('has nothing to say of its good example', () => expect(findings(good)).toEqual([]));

  it('offers a fix that leaves a valid experiment of which it has less to say', () => {
    const { spec, datasets } = experimentOf(bad);
    const found = findings(bad);
    for (const { fixes } of found) {
      expect(fixes.length).toBeGreaterThan(0);
      for (const { patch } of fixes) {
        const { problems, lint } = reportOf(applyPatch(spec, patch), datasets);
        expect(problems).toEqual([]);
        expect(lint.filter(({ rule }) => rule === id).length).toBeLessThan(found.length);
      }
    }
  });

  it('names a classic experiment that is there', () => {
    const known = readdirSync('resources/experiments').map((file) => file.replace('.json', ''));
    expect([null, ...known]).toContain(lesson);
  });
});

describe('the linter', () => {
  it('has a rule for each mistake of the curriculum', () => {
    expect(rules.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        ...['dropout-on-input', 'dropout-on-output', 'dropout-rate', 'bias-before-batch-norm', 'softmax-twice'],
        ...['saturating-stack', 'small-initial-weights', 'batch-norm-small-batch', 'batch-size'],
        ...['inputs-not-normalized', 'no-dev-set']
      ])
    );
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it('is silent where something is broken', () => {
    const { spec, datasets } = experimentOf(rules[0]!.bad);
    expect(reportOf({ ...spec, seed: -1 }, datasets).lint).toEqual([]);
  });

  it.each(['lenet-5', 'small-cnn', 'residual-block', 'fashion-5-layer', 'mlp-batch-norm'])(
    'finds nothing in %s',
    (name) => {
      expect(reportOf(presetSpec(name), describedDatasets).lint.map(({ rule, node }) => [rule, node])).toEqual([]);
    }
  );
});
