import { expect, it } from 'vitest';
import { applyPatch } from '../../../src-worker/contract/json-patch.ts';
import { problemWords } from '../../../src-worker/contract/problem-words.ts';
import type { Problem } from '../../../src-worker/contract/problems.ts';
import { menders } from '../../../src-worker/graph/fixes/find-fixes.ts';
import { mended } from '../../../src-worker/report/mend.ts';
import { reportOf } from '../../../src-worker/report/report.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

/** Mended outside of the experiment: by importing a set, or in the file of a classic experiment. */
const elsewhere = ['damaged-dataset', 'absent-dataset', 'no-dataset', 'variant-refused'];

it('every kind of problem has what looks for its fixes', () => {
  expect(Object.keys(problemWords).filter((code) => !Object.hasOwn(menders, code))).toEqual(elsewhere);
});

it('a network as other libraries name things is brought to the names here', () => {
  const network = {
    nodes: [
      { id: 'input', kind: 'input' },
      { id: 'flat', kind: 'Flatten' },
      { id: 'fc', kind: 'Linear', out_features: 10 }
    ],
    edges: [
      ['input', 'flat'],
      ['flat', 'fc']
    ]
  };
  const spec = { version: 1, name: 'other', data: { dataset: 'fashion-mnist' }, network };
  const { steps, report } = mended(spec, describedDatasets);
  expect(report.problems).toEqual([]);
  expect(steps.map(({ fix }) => fix.label)).toEqual([
    'Set network.nodes.flat.kind to flatten',
    'Set network.nodes.fc.kind to dense',
    'Call out_features units'
  ]);
});

it('fixes go along however a problem is copied', () => {
  const network = {
    nodes: [
      { id: 'input', kind: 'input' },
      { id: 'out', kind: 'dense', units: 0 }
    ],
    edges: [['input', 'out']]
  };
  const spec = { version: 1, name: 'copied', data: { dataset: 'fashion-mnist' }, network };
  const label = 'Set network.nodes.out.units to 1';
  const fresh = () => reportOf(spec, describedDatasets).problems[0]!;
  for (const copy of [structuredClone(fresh()), { ...fresh() }, JSON.parse(JSON.stringify(fresh())) as Problem])
    expect(copy.fixes.map((fix) => fix.label)).toContain(label);
});

it('a broken branch leaves the other known', () => {
  const node = (id: string, kind: string, more = {}) => ({ id, kind, ...more });
  const network = {
    nodes: [
      node('input', 'input'),
      node('left', 'max-pool', { kernel: 40 }),
      node('right', 'max-pool'),
      node('both', 'concat'),
      node('flat', 'flatten'),
      node('out', 'dense', { units: 10 })
    ],
    edges: [
      ['input', 'left'],
      ['input', 'right'],
      ['left', 'both'],
      ['right', 'both'],
      ['both', 'flat'],
      ['flat', 'out']
    ]
  };
  const spec = { version: 1, name: 'branches', data: { dataset: 'fashion-mnist' }, network };
  const { problems, layers, waiting } = reportOf(spec, describedDatasets);
  expect(problems.map(({ node: id, code }) => [id, code])).toEqual([['left', 'window-too-large']]);
  expect(layers.map(({ id, outputShape }) => [id, outputShape])).toEqual([
    ['input', [28, 28, 1]],
    ['right', [14, 14, 1]]
  ]);
  expect(waiting).toEqual(['both', 'flat', 'out'].map((id) => ({ id, for: 'left' })));
});

it('two ways to end a network of images are told apart', () => {
  const network = {
    nodes: [
      { id: 'input', kind: 'input' },
      { id: 'conv', kind: 'conv2d' }
    ],
    edges: [['input', 'conv']]
  };
  const spec = { version: 1, name: 'unfinished', data: { dataset: 'fashion-mnist' }, network };
  const [problem] = reportOf(spec, describedDatasets).problems;
  expect(problem!.fixes.map(({ label }) => label)).toEqual([
    'Flatten and a dense layer of 10 units behind “conv”',
    'Take the mean of each channel, then a dense layer of 10 units behind “conv”'
  ]);
});

it.each([
  ['relu', 'Put “x” between a4 and out'],
  ['conv2d', 'Put “x” between p2 and flat'],
  ['flatten', 'Put “x” between p2 and flat'],
  ['batch-norm', 'Put “x” between h2 and a4'],
  ['add', 'Put “x” between a4 and out, with a shortcut from h2']
])(
  'a layer of the kind %s dropped beside a whole network is wired where it fits before it is removed',
  (kind, label) => {
    const { network, ...rest } = presetSpec('lenet-5');
    const spec = { ...rest, network: { ...network, nodes: [...network.nodes, { id: 'x', kind }] } };
    const [first] = reportOf(spec, describedDatasets).problems;
    expect(first).toMatchObject({ node: 'x', code: 'too-few-wires' });
    expect(first!.fixes.map((fix) => fix.label)).toEqual(expect.arrayContaining([label, 'Remove “x”']));
    expect(first!.fixes[0]!.label).toBe(label);
    const after = reportOf(applyPatch(spec as unknown, first!.fixes[0]!.patch), describedDatasets);
    expect(after.problems).toEqual([]);
    expect(after.layers.map(({ id }) => id)).toContain('x');
  }
);
