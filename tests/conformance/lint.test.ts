import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { applyPatch } from '../../src-worker/contract/json-patch.ts';
import { reportOf } from '../../src-worker/report/report.ts';
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

  const told = (example: Example) => {
    const { spec, datasets } = experimentOf(example);
    return reportOf(spec, datasets).lint.map(({ rule, node }) => `${rule} ${node}`);
  };
  const row = (...layers: Example['layers']): Example => ({ layers: [{ kind: 'flatten' }, ...layers] });
  const units = (count: number) => ({ kind: 'dense', units: count });

  it('tells of a chain without activations once, and its one fix mends all of it', () => {
    const chain = row(units(128), units(64), { kind: 'dropout', rate: 0.2 }, units(32), units(10));
    expect(told(chain)).toEqual(['linear-stack n6']);
    const { spec, datasets } = experimentOf(chain);
    const mended = applyPatch(spec, reportOf(spec, datasets).lint[0]!.fixes[0]!.patch) as typeof spec;
    expect(mended.network.nodes.filter(({ kind }) => kind === 'relu')).toHaveLength(3);
    expect(reportOf(mended, datasets).lint).toEqual([]);
  });

  it('takes a layer narrower than both its neighbours for a factorization that is wanted', () => {
    const through = (width: number) =>
      row(units(64), { kind: 'relu' }, units(width), units(64), { kind: 'relu' }, units(10));
    expect(told(through(63))).toEqual([]);
    expect(told(through(64))).toEqual(['linear-stack n5']);
  });

  it.each([
    ['sigmoid', 2, 3],
    ['tanh', 4, 5]
  ])('minds %s layers from a depth on, not %i', (activation, shallow, deep) => {
    const stack = (count: number) =>
      row(
        ...Array.from({ length: count }, () => [{ ...units(16), init: 'xavier-normal' }, { kind: activation }]).flat(),
        units(10)
      );
    expect(told(stack(shallow))).toEqual([]);
    expect(told(stack(deep))).toEqual(['saturating-stack n3']);
  });

  it('does not add up saturating layers that lie side by side', () => {
    const sides = ['a', 'b', 'c'];
    const spec = {
      version: 1,
      name: 'side by side',
      data: { dataset: describedDatasets[0]!.name },
      network: {
        nodes: [
          { id: 'input', kind: 'input' },
          { id: 'flat', kind: 'flatten' },
          ...sides.flatMap((id) => [
            { id, ...units(16), init: 'xavier-normal' },
            { id: `${id}s`, kind: 'sigmoid' }
          ]),
          { id: 'cat', kind: 'concat' },
          { id: 'out', ...units(10) }
        ],
        edges: [
          ['input', 'flat'],
          ...sides.flatMap((id) => [
            ['flat', id],
            [id, `${id}s`],
            [`${id}s`, 'cat']
          ]),
          ['cat', 'out']
        ]
      },
      training: {}
    };
    const { problems, lint } = reportOf(spec, describedDatasets);
    expect([problems, lint]).toEqual([[], []]);
  });

  it.each([
    ['dropout-rate', 0.5, 0.51],
    ['batch-size', 64, 63],
    ['batch-size', 512, 1024],
    ['batch-norm-small-batch', 8, 7],
    ['learning-rate', 0.1, 0.11]
  ])('has the threshold of %s between %d and %d', (rule, good, bad) => {
    const at = (value: number): Example => {
      if (rule === 'dropout-rate') return row(units(64), { kind: 'relu' }, { kind: 'dropout', rate: value }, units(10));
      if (rule === 'learning-rate')
        return { ...row(units(10)), training: { optimizer: { kind: 'adam', learningRate: value } } };
      const normed = row({ ...units(64), bias: false }, { kind: 'batch-norm' }, { kind: 'relu' }, units(10));
      return { ...normed, training: { batchSize: value } };
    };
    const rulesOf = (value: number) => told(at(value)).map((finding) => finding.split(' ')[0]);
    expect(rulesOf(good)).not.toContain(rule);
    expect(rulesOf(bad)).toContain(rule);
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

it('layers with one fault in their initial weights are one finding, mended at once', () => {
  const relu = { kind: 'relu' };
  const layer = { kind: 'dense', units: 32, init: 'xavier-uniform' };
  const { spec, datasets } = experimentOf({
    layers: [{ kind: 'flatten' }, layer, relu, layer, relu, layer, relu, { kind: 'dense', units: 10 }]
  });
  const found = reportOf(spec, datasets).lint.filter(({ rule }) => rule === 'init-for-activation');
  expect(found).toHaveLength(1);
  expect(found[0]!.message).toMatch(/^Initial weights by Xavier’s rule in “n2”, “n4”, and “n6”, but relu follows\./);
  expect(found[0]!.fixes.map(({ label }) => label)).toEqual(['Use He’s rule in “n2”, “n4”, and “n6”']);
  const after = applyPatch(spec, found[0]!.fixes[0]!.patch);
  expect(after.network.nodes.map((node) => (node as { init?: string }).init)).toEqual([
    undefined,
    undefined,
    'he-uniform',
    undefined,
    'he-uniform',
    undefined,
    'he-uniform',
    undefined,
    undefined
  ]);
  expect(reportOf(after, datasets).lint.filter(({ rule }) => rule === 'init-for-activation')).toEqual([]);
});
