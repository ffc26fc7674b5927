/**
 * Whole training runs, short ones, with all that a plan can hold: batches that are filled up, statistics of batches and their running
 * averages, masks, several outputs, missing labels, penalties and limits.
 *
 * Not a test itself: Node runs the cases on the kernels in JavaScript, Chromium on WebGL 2 and WebGPU.
 */
import type { Backend, BackendHost, Batches, ExampleTable } from '../../../src-worker/backends/backend.ts';
import { referenceBackend } from '../../../src-worker/backends/reference/reference.ts';
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import type { Kinded } from '../../../src-worker/contract/fields.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import type { Plan } from '../../../src-worker/plan/plan.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { stepNumbers } from '../../../src-worker/train/step-numbers.ts';

export interface PlanCase {
  readonly title: string;
  /** Layers behind the input, each behind the one before unless `edges` says otherwise; node n1 is the first. */
  readonly layers: readonly Kinded[];
  readonly edges?: readonly (readonly [string, string])[];
  readonly shape: readonly number[];
  readonly training: Readonly<Record<string, unknown>>;
}

/** Neither the reference nor the GPU backends ask their host for anything. */
const host = {} as BackendHost;
const EXAMPLES = 70;
const BATCH = 12;
const STEPS = 11;

const columns: DatasetInfo['values'] = [
  { name: 'height', kind: 'number' },
  { name: 'weight', kind: 'number' },
  { name: 'old', kind: 'binary' },
  { name: 'ill', kind: 'binary' },
  { name: 'tall', kind: 'binary' }
];

export const planCases: readonly PlanCase[] = [
  {
    title: 'batch normalization and dropout of rows',
    shape: [6],
    layers: [
      { kind: 'dense', units: 9 },
      { kind: 'batch-norm' },
      { kind: 'relu' },
      { kind: 'dropout', rate: 0.3 },
      { kind: 'dense', units: 3 }
    ],
    // A bias in front of it has no gradient but rounding errors, which Adam would blow up.
    training: { optimizer: { kind: 'nesterov', learningRate: 0.05 } }
  },
  {
    title: 'batch normalization of images, a branch, gradients clipped together, L2',
    shape: [5, 4, 2],
    layers: [
      { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
      { kind: 'batch-norm' },
      { kind: 'relu' },
      { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
      { kind: 'batch-norm' },
      { kind: 'add' },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 }
    ],
    edges: [
      ['n0', 'n1'],
      ['n1', 'n2'],
      ['n2', 'n3'],
      ['n3', 'n4'],
      ['n4', 'n5'],
      ['n5', 'n6'],
      ['n3', 'n6'],
      ['n6', 'n7'],
      ['n7', 'n8']
    ],
    training: {
      optimizer: { kind: 'momentum', learningRate: 0.05 },
      clip: { kind: 'norm', limit: 0.5 },
      regularize: { l2: 0.01, form: 'per-example' }
    }
  },
  {
    title: 'yes-or-no labels with gaps, L1, short weights, gradients clipped one by one',
    shape: [6],
    layers: [{ kind: 'dense', units: 8 }, { kind: 'tanh' }, { kind: 'layer-norm' }, { kind: 'dense', units: 3 }],
    training: {
      optimizer: { kind: 'momentum', learningRate: 0.1 },
      heads: {
        n4: { loss: { kind: 'binary-cross-entropy', positiveWeights: [1, 2, 0.5] }, target: ['old', 'ill', 'tall'] }
      },
      clip: { kind: 'norm', limit: 0.05, per: 'tensor' },
      regularize: { l1: 0.001, maxNorm: 0.8 }
    }
  },
  {
    title: 'three outputs, with class weights, smoothing and shares of their own',
    shape: [6],
    layers: [
      { kind: 'dense', units: 8 },
      { kind: 'sigmoid' },
      { kind: 'dense', units: 3 },
      { kind: 'dense', units: 2 },
      { kind: 'dense', units: 2 }
    ],
    edges: [
      ['n0', 'n1'],
      ['n1', 'n2'],
      ['n2', 'n3'],
      ['n2', 'n4'],
      ['n2', 'n5']
    ],
    training: {
      optimizer: { kind: 'nadam', learningRate: 0.01 },
      heads: {
        n3: { loss: { kind: 'cross-entropy', classWeights: [1, 3, 0.5], smoothing: 0.1 }, share: 0.7 },
        n4: { loss: { kind: 'huber' }, target: ['height', 'weight'], share: 2 },
        n5: { loss: { kind: 'binary-cross-entropy' }, target: ['old', 'tall'], share: 0.3 }
      },
      clip: { kind: 'value', limit: 0.02 }
    }
  },
  {
    title: 'channels joined, groups of them normalized',
    shape: [4, 4, 3],
    layers: [
      { kind: 'conv2d', filters: 2, kernel: 3, padding: 'same' },
      { kind: 'conv2d', filters: 4, kernel: 1 },
      { kind: 'concat' },
      { kind: 'group-norm', groups: 3 },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
      { kind: 'softmax' },
      { kind: 'dense', units: 3 }
    ],
    edges: [
      ['n0', 'n1'],
      ['n0', 'n2'],
      ['n1', 'n3'],
      ['n2', 'n3'],
      ['n3', 'n4'],
      ['n4', 'n5'],
      ['n5', 'n6'],
      ['n6', 'n7'],
      ['n7', 'n8']
    ],
    training: { optimizer: { kind: 'adamw', learningRate: 0.01 }, regularize: { decay: 0.1 } }
  },
  {
    title: 'words looked up',
    shape: [5],
    layers: [{ kind: 'embedding', words: 7, width: 4 }, { kind: 'flatten' }, { kind: 'dense', units: 3 }],
    training: { optimizer: { kind: 'sgd', learningRate: 0.1 } }
  }
];

function planOf({ title, layers, edges, shape, training }: PlanCase): { plan: Plan; experiment: Experiment } {
  const nodes = [{ kind: 'input' }, ...layers].map((layer, at) => ({ ...layer, id: `n${at}` }));
  const info: DatasetInfo = {
    ...{ name: 'made', title: 'Made', origin: 'generated', encoding: 'floats', license: '', source: '' },
    shape: [...shape],
    classes: ['a', 'b', 'c'],
    values: columns,
    trainCount: EXAMPLES,
    testCount: 0
  };
  const spec = {
    version: 1,
    name: title,
    data: { dataset: info.name, normalize: 'none' },
    network: { nodes, edges: edges ?? nodes.slice(1).map(({ id }, at) => [`n${at}`, id]) },
    training: { batchSize: BATCH, ...training }
  };
  const { experiment, problems } = checkExperiment(spec, [info]);
  if (!experiment) throw new Error(`${title}: ${JSON.stringify(problems)}`);
  return { experiment, plan: makePlan(experiment, { shape, classes: 3, values: columns }) };
}

/** A quarter of the yes-or-no labels is missing. */
function tableOf({ shape }: PlanCase): ExampleTable {
  const random = randomStream(7, 'generate/plans');
  const width = shape.reduce((a, b) => a * b, 1);
  return {
    examples: Float32Array.from({ length: EXAMPLES * width }, () => random.normal()),
    labels: Uint8Array.from({ length: EXAMPLES }, () => random.below(3)),
    values: Float32Array.from({ length: EXAMPLES * columns.length }, (_, i) => {
      if (columns[i % columns.length]!.kind === 'number') return random.normal();
      return random.uniform() < 0.25 ? NaN : random.below(2);
    }),
    scale: new Float32Array(width).fill(1.5),
    shift: new Float32Array(width).fill(0.5)
  };
}

/** Every third mini-batch is not full. */
function batchesOf(experiment: Experiment, steps: number): Batches {
  const random = randomStream(7, 'shuffle/plans');
  const numbersOf = stepNumbers(experiment, steps);
  const numbers = Array.from({ length: steps }, (_, step) => numbersOf(step + 1));
  return {
    steps,
    rows: Int32Array.from({ length: steps * BATCH }, () => random.below(EXAMPLES)),
    counts: Int32Array.from({ length: steps }, (_, step) => (step % 3 === 1 ? 2 + (step % 10) : BATCH)),
    firstStep: 1,
    numbers: Object.fromEntries(
      Object.keys(numbers[0]!).map((name) => [name, Float64Array.from(numbers, (of) => of[name]!)])
    )
  };
}

interface PlanResult {
  readonly sums: readonly (readonly number[])[];
  readonly judged: readonly number[];
  readonly outputs: readonly (readonly number[])[];
  readonly end: readonly number[];
}

export async function prepareCase(backend: Pick<Backend, 'prepare'>, one: PlanCase, steps = STEPS) {
  const { plan, experiment } = planOf(one);
  const engine = await backend.prepare({ plan, table: tableOf(one), threads: 1, host });
  const start = initialParameters(plan, 3);
  await engine.write('w', start);
  for (const state of plan.states) await engine.write(state, new Float32Array(plan.arena));
  return { plan, engine, start, batches: batchesOf(experiment, steps) };
}

async function runPlan(backend: Backend, one: PlanCase): Promise<PlanResult> {
  const { plan, engine, batches } = await prepareCase(backend, one);
  const sums = plan.measures.map(() => new Float64Array(STEPS));
  await engine.train(batches, sums);
  const outputs: number[][] = [];
  const rows = Int32Array.from({ length: EXAMPLES }, (_, row) => row);
  const judged = await engine.evaluate(rows, (values) => outputs.push(...values.map((head) => Array.from(head))));
  const end = Array.from(await engine.read('w'));
  await engine.close();
  return { sums: sums.map((sum) => Array.from(sum)), judged: Array.from(judged), outputs, end };
}

export type PlanDifference = Record<keyof PlanResult, number>;

/** Largest difference from the reference in float64, relative to 1 + the value. */
export async function differenceOf(backend: Backend, one: PlanCase): Promise<PlanDifference> {
  const [got, wanted] = [await runPlan(backend, one), await runPlan(referenceBackend('float64'), one)];
  const worst = (a: readonly number[], b: readonly number[]) => {
    if (a.length !== b.length) return Infinity;
    return Math.max(...b.map((value, i) => Math.abs(a[i]! - value) / (1 + Math.abs(value))));
  };
  return {
    sums: worst(got.sums.flat(), wanted.sums.flat()),
    judged: worst(got.judged, wanted.judged),
    outputs: worst(got.outputs.flat(), wanted.outputs.flat()),
    end: worst(got.end, wanted.end)
  };
}
