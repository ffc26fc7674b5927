import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { reportOf } from '../../../src-worker/report/report.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const fashion = presetSpec('fashion-5-layer');
const problemsOf = (spec: unknown) => checkExperiment(spec, describedDatasets).problems;
const pathsOf = (spec: unknown) => problemsOf(spec).map(({ path }) => path);

describe('checking an experiment', () => {
  it.each(readdirSync('resources/presets').map((file) => file.replace('.json', '')))(
    'accepts the preset %s',
    (name) => {
      expect(problemsOf(presetSpec(name))).toEqual([]);
    }
  );

  it('fills in every default', () => {
    const { experiment } = checkExperiment({ ...fashion, training: undefined, seed: undefined }, describedDatasets);
    expect(experiment?.training).toEqual({
      loss: { kind: 'cross-entropy', smoothing: 0, classWeights: [] },
      heads: {},
      optimizer: { kind: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
      schedule: { kind: 'constant', per: 'step', warmUp: 0, warmUpFromZero: false },
      metrics: [],
      batchSize: 128,
      epochs: 10,
      regularize: { l1: 0, l2: 0, form: 'half', decay: 0, maxNorm: null, biases: false },
      clip: null,
      earlyStopping: null
    });
    expect(experiment?.seed).toBe(42);
    expect(experiment?.network.nodes[2]).toEqual({
      id: 'h1',
      kind: 'dense',
      units: 100,
      init: { kind: 'he-normal' },
      bias: true
    });
  });

  it('accepts its own answer again', () => {
    const { experiment } = checkExperiment(fashion, describedDatasets);
    expect(checkExperiment(experiment, describedDatasets).experiment).toEqual(experiment);
  });

  it('reports every mistake at once, wherever they are', () => {
    let spec: unknown = fashion;
    for (const [path, value] of [
      ['training.batchSize', 0],
      ['network.nodes.h1.units', -3],
      ['network.nodes.a1.kind', 'rleu'],
      ['training.optimizer', { kind: 'adam', learningRate: 'fast', speed: 1 }],
      ['data.dataset', 'no-such-set'],
      ['data.split', { train: 0.9, dev: 0.5 }]
    ] as const)
      spec = setPath(spec, path, value);
    expect(pathsOf(spec).sort()).toEqual([
      'data.dataset',
      'data.split',
      'network.nodes.a1.kind',
      'network.nodes.h1.units',
      'training.batchSize',
      'training.optimizer.learningRate',
      'training.optimizer.speed'
    ]);
    for (const problem of problemsOf(spec))
      expect(problem).toMatchObject({
        path: expect.any(String),
        value: expect.anything(),
        why: expect.any(String),
        remedy: expect.stringMatching(/\.$/)
      });
  });

  it.each([
    null,
    3,
    'text',
    [],
    {},
    { network: { nodes: [null, 7] } },
    { version: 1, network: { nodes: 'x' }, training: { optimizer: [] } }
  ])('answers %j with problems, never with an exception', (spec) => {
    expect(problemsOf(spec).length).toBeGreaterThan(0);
  });

  it('names only the first broken layer of a path', () => {
    const spec = setPath(
      setPath(fashion, 'network.edges', [['input', 'h1'], ...fashion.network.edges.slice(2)]),
      'network.nodes',
      fashion.network.nodes.filter(({ id }) => id !== 'flat')
    );
    expect(problemsOf(spec)).toMatchObject([
      {
        path: 'network.nodes.h1',
        node: 'h1',
        code: 'needs-row',
        value: '28×28×1',
        why: 'a dense layer takes a row of values, such as 784, but 28×28×1 comes in',
        remedy: 'Put a flatten layer in front of it.',
        expected: '784',
        actual: '28×28×1'
      }
    ]);
  });

  it('says what is missing where only some values are known', () => {
    const { version: _, ...spec } = fashion;
    expect(problemsOf(spec)).toMatchObject([
      { path: 'version', code: 'missing', why: 'is missing', expected: '1', actual: 'nothing' }
    ]);
  });

  it('says of lists and texts how long they may be, of layers how many wires they take', () => {
    const wordsOf = (path: string, value: unknown) =>
      problemsOf(setPath(fashion, path, value)).map(({ why, remedy }) => `${why}. ${remedy}`);
    expect(wordsOf('network.edges', [['input']])).toEqual(['must have at least 2 entries. Add what is missing.']);
    expect(wordsOf('network.nodes', [])).toEqual(['must have at least 1 entry. Add what is missing.']);
    expect(wordsOf('name', 'x'.repeat(201))).toEqual(['must have at most 200 characters. Shorten it.']);
    expect(wordsOf('network.nodes.a1.kind', 'add')).toEqual([
      'a layer of the kind add takes 2–16 wires, but 1 comes in. Connect a layer to it.'
    ]);
  });

  it('finds circles, loose wires, second ends and wrong outputs', () => {
    const edges = fashion.network.edges;
    expect(problemsOf(setPath(fashion, 'network.edges', [...edges, ['a4', 'h1']]))[0]?.why).toMatch(/in a circle/);
    expect(pathsOf(setPath(fashion, 'network.edges', [...edges, ['a4', 'nowhere']]))).toEqual(['network.edges.10']);
    expect(problemsOf(setPath(fashion, 'network.edges', edges.slice(0, -1)))[0]?.why).toMatch(
      /takes 1 wire, but 0 come in/
    );
    const branched = setPath(fashion, 'network.edges', [...edges.slice(0, -1), ['a3', 'out']]);
    expect(problemsOf(branched)[0]?.why).toMatch(/^nothing follows “out” and “a4”, which makes 2 outputs/);
    expect(pathsOf(setPath(fashion, 'network.nodes.out.units', 7))).toEqual(['network.nodes.out']);
    expect(pathsOf(setPath(fashion, 'data.limit', 10))).toEqual([]);
    const blind = setPath(setPath(fashion, 'data.split', { train: 1, dev: 0 }), 'training.earlyStopping', {});
    expect(pathsOf(blind)).toEqual(['training.earlyStopping']);
    // 3 % of 10 examples are none.
    expect(pathsOf(setPath(setPath(blind, 'data.limit', 10), 'data.split', { train: 0.97, dev: 0.03 }))).toEqual([
      'training.earlyStopping'
    ]);
  });
});

describe('a mini-batch of one', () => {
  const problemsWith = (layers: readonly string[], settings: object = {}) => {
    const nodes = ['input', ...layers, 'flatten', 'dense'].map((kind, at) => ({
      ...{ id: `n${at}`, kind, ...(kind === 'dense' && { units: 10 }), ...(kind === 'batch-norm' && settings) }
    }));
    const edges = nodes.slice(1).map(({ id }, at) => [`n${at}`, id]);
    return problemsOf(setPath(setPath(fashion, 'network', { nodes, edges }), 'training.batchSize', 1));
  };

  it('has no variance of rows, so that batch normalization refuses it', () => {
    expect(problemsWith(['flatten', 'batch-norm'])).toMatchObject([
      {
        path: 'training.batchSize',
        value: 1,
        why: '“n2”, a batch-norm layer, learns from no fewer than 2 examples at once',
        remedy: 'Set training.batchSize to 2 or more, or remove this layer.'
      }
    ]);
  });

  it('will do for images, for running statistics, and for other layers', () => {
    expect(problemsWith(['batch-norm'])).toEqual([]);
    expect(problemsWith(['flatten', 'batch-norm'], { statistics: 'running' })).toEqual([]);
    expect(problemsWith(['layer-norm'])).toEqual([]);
  });
});

describe('what is measured', () => {
  const measuring = (metrics: unknown, monitor = 'dev.loss') =>
    setPath(setPath(fashion, 'training.metrics', metrics), 'training.earlyStopping', { monitor });

  it('is a list of kinds with their settings, a kind alone being short for it', () => {
    const { experiment } = checkExperiment(
      measuring(['top-k', { kind: 'f1', of: 2 }], 'dev.top-k:5'),
      describedDatasets
    );
    expect(experiment?.training.metrics).toEqual([
      { kind: 'top-k', k: 5 },
      { kind: 'f1', of: 2 }
    ]);
    expect(experiment?.training.earlyStopping?.monitor).toBe('dev.top-k:5');
  });

  it('has every fault told at once: kinds, settings, targets', () => {
    const found = problemsOf(measuring(['auc', { kind: 'top-k', k: 0 }, 7]));
    expect(found.map(({ path }) => path)).toEqual([
      'training.metrics.2',
      'training.metrics.0.kind',
      'training.metrics.1.k'
    ]);
    const [first, second] = problemsOf(measuring(['mae', { kind: 'f1', of: 10 }, 'recall']));
    expect(first).toMatchObject({ path: 'training.metrics.0', why: expect.stringContaining('mae judges quantities') });
    expect(second).toMatchObject({ path: 'training.metrics.1', why: 'there are 10 classes, counted from 0' });
  });

  it('has no two under one name with different settings', () => {
    const costs = Array.from({ length: 10 }, (_, at) => at);
    expect(problemsOf(measuring(['recall', 'recall', 'weighted-error']))).toEqual([]);
    expect(problemsOf(measuring(['weighted-error', 'f1', { kind: 'weighted-error', costs }]))).toMatchObject([
      { path: 'training.metrics.2', why: 'training.metrics.0 has the same name, weighted-error, but other settings' }
    ]);
  });

  it('is what early stopping may watch', () => {
    for (const monitor of ['dev.loss', 'dev.accuracy', 'dev.f1'])
      expect(problemsOf(measuring([], monitor))).toEqual([]);
    expect(problemsOf(measuring(['recall'], 'dev.recall'))).toEqual([]);
    expect(problemsOf(measuring([], 'dev.recall'))).toMatchObject([
      {
        path: 'training.earlyStopping.monitor',
        value: 'dev.recall',
        why: 'this is not measured in such a run',
        remedy: 'Use dev.loss, dev.accuracy, dev.f1, or add it to training.metrics.'
      }
    ]);
    expect(pathsOf(measuring([], 'test.loss'))).toEqual(['training.earlyStopping.monitor']);
  });

  it('is what a schedule may listen to', () => {
    const listening = (spec: unknown, monitor: string) =>
      problemsOf(setPath(spec, 'training.schedule', { kind: 'reduce-on-plateau', monitor }));
    expect(listening(fashion, 'accuracy')).toEqual([]);
    const network = {
      nodes: [
        { id: 'in', kind: 'input' },
        { id: 'out', kind: 'dense', units: 1 }
      ],
      edges: [['in', 'out']]
    };
    const training = { loss: { kind: 'mse' } };
    const regression = { version: 1, name: 'plane', data: { dataset: 'plane' }, network, training };
    expect(listening(regression, 'loss')).toEqual([]);
    expect(listening(regression, 'accuracy')).toMatchObject([
      {
        path: 'training.schedule.monitor',
        value: 'accuracy',
        why: 'this is not measured in such a run',
        remedy: 'Use loss.'
      }
    ]);
  });
});

describe('describing a network', () => {
  it('counts shapes, parameters and multiply-adds layer by layer', () => {
    const { layers, parameters, multiplyAdds } = reportOf(fashion, describedDatasets);
    expect(layers.map(({ outputShape }) => outputShape)).toEqual([[28, 28, 1], [784], ...Array(8).fill([100]), [10]]);
    expect(layers.map((layer) => layer.parameters)).toEqual([0, 0, 78_500, 0, 10_100, 0, 10_100, 0, 10_100, 0, 1_010]);
    expect(parameters).toBe(109_810);
    expect(multiplyAdds).toBe(784 * 100 + 3 * 100 * 100 + 100 * 10);
  });
});

describe('several outputs', () => {
  const network = {
    nodes: [
      { id: 'in', kind: 'input' },
      { id: 'h', kind: 'dense', units: 8 },
      { id: 'shape', kind: 'dense', units: 3 },
      { id: 'size', kind: 'dense', units: 1 }
    ],
    edges: [
      ['in', 'h'],
      ['h', 'shape'],
      ['h', 'size']
    ]
  };
  const heads = { shape: { target: 'class' }, size: { loss: { kind: 'mse' }, target: ['size'], share: 0.5 } };
  const info = {
    ...describedDatasets[0]!,
    name: 'two-targets',
    shape: [4],
    classes: ['a', 'b', 'c'],
    values: [{ name: 'size', kind: 'number' as const }]
  };
  const spec = { version: 1, name: 'two', data: { dataset: 'two-targets' }, network, training: { heads } };
  const check = (changed: unknown) => checkExperiment(changed, [info]);

  it('each have a head with a loss and a target of its own', () => {
    const { experiment, problems } = check(spec);
    expect(problems).toEqual([]);
    expect(experiment!.training.heads['size']).toEqual({ loss: { kind: 'mse' }, target: ['size'], share: 0.5 });
  });

  it.each([
    ['training.heads.size.target', ['size', 'size'], 'training.heads.size.target', /“size” is there twice/],
    ['training.heads.shape.loss', { kind: 'constructor' }, 'training.heads.shape.loss.kind', /not a kind known here/],
    [
      'training.heads.shape.loss',
      { kind: 'cross-entropy', smoothing: 2 },
      'training.heads.shape.loss.smoothing',
      /must be less than 1/
    ],
    ['training.heads.size.target', ['weight'], 'training.heads.size.target', /no column “weight”/],
    ['training.heads.size.target', 'class', 'network.nodes.size', /gives 1 value, but the target has 3 classes/],
    ['training.heads.shape.loss', { kind: 'mea' }, 'training.heads.shape.loss.kind', /not a kind known here/],
    ['training.heads.other', {}, 'training.heads.other', /no output “other”/]
  ])('are refused with %s = %j', (path, value, where, why) => {
    const { problems } = check(setPath(spec, path, value));
    expect(problems.map((problem) => [problem.path, problem.why])).toEqual([[where, expect.stringMatching(why)]]);
  });

  it('leave nothing for a loss beside their heads to judge', () => {
    const spec = setPath(presetSpec('multi-task'), 'training.loss', { kind: 'cross-entropy' });
    expect(problemsOf(spec)).toEqual([]);
    expect(problemsOf(setPath(spec, 'training.loss', { kind: 'mse' }))).toMatchObject([
      {
        path: 'training.loss',
        value: 'mse',
        why: 'it judges nothing, as every output has a head',
        remedy: 'Set training.heads.figure.loss, training.heads.filled.loss instead.'
      }
    ]);
  });

  it('may be called like what objects inherit', () => {
    const nodes = [...network.nodes.slice(0, 2), { id: 'constructor', kind: 'dense', units: 3 }];
    const edges = [
      ['in', 'h'],
      ['h', 'constructor']
    ];
    expect(check({ ...spec, network: { nodes, edges }, training: {} }).problems).toEqual([]);
    const second = {
      nodes: [...nodes, { id: 'size', kind: 'dense', units: 1 }],
      edges: [...edges, ['h', 'size']]
    };
    expect(check({ ...spec, network: second, training: { heads: { size: heads.size } } }).problems).toMatchObject([
      { path: 'network.nodes', why: expect.stringMatching(/what judges “constructor”$/) }
    ]);
    const named = JSON.parse(JSON.stringify(second).replaceAll('constructor', '__proto__')) as unknown;
    expect(check({ ...spec, network: named }).problems.map(({ path }) => path)).toEqual(['network.nodes.__proto__.id']);
  });

  it('are checked without an exception, whatever stands wherever', () => {
    const odd = [null, -1, 'constructor', [null], {}, { kind: '__proto__' }];
    const full = { ...check(spec).experiment!, training: { ...check(spec).experiment!.training, earlyStopping: {} } };
    const changed = withEach(full, odd);
    expect(changed.length).toBeGreaterThan(300);
    for (const one of changed) expect(() => check(one)).not.toThrow();
  });
});

/** Copies of a value in which one part after the other is replaced by each of the others. */
function withEach(value: unknown, others: readonly unknown[]): unknown[] {
  if (typeof value !== 'object' || value === null) return [...others];
  const within = Object.entries(value).flatMap(([key, part]) =>
    withEach(part, others).map((changed) =>
      Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed }
    )
  );
  return [...others, ...within];
}
