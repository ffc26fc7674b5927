/** Small whole experiments that use what plans can say beyond layers in a chain, and training them by hand on any backend. */
import type { Backend, BackendHost, Batches, ExampleTable } from '../../src-worker/backends/backend.ts';
import type { Experiment, NetworkSpec } from '../../src-worker/contract/experiment.ts';
import type { Kinded } from '../../src-worker/contract/fields.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../src-worker/plan/make-plan.ts';
import type { Plan } from '../../src-worker/plan/plan.ts';
import { initialParameters } from '../../src-worker/train/initialize.ts';
import { stepNumbers } from '../../src-worker/train/step-numbers.ts';
import { plainHost } from './backends.ts';

export interface SmallExperiment {
  readonly title: string;
  /** A chain behind the input; or wires, by node id. */
  readonly nodes: readonly (Kinded & { readonly id?: string })[];
  readonly edges?: readonly (readonly [string, string])[];
  /** [height, width, channels] or [columns]. */
  readonly shape?: readonly number[];
  readonly training?: Readonly<Record<string, unknown>>;
  readonly normalize?: 'none';
}

const EXAMPLES = 60;
const CLASSES = 3;
const VALUES = [
  { name: 'size', kind: 'number' },
  { name: 'red', kind: 'binary' },
  { name: 'round', kind: 'binary' }
] as const;
const BATCH = 24;

const dense = (units: number, id?: string) => ({ kind: 'dense', units, ...(id && { id }) });
const flat = (id: string) => ({ kind: 'flatten', id });
const relu = { kind: 'relu' };
const chain = [dense(9), { kind: 'tanh' }, dense(CLASSES)];
const images = [
  { kind: 'conv2d', filters: 8, kernel: 3, padding: 'same', bias: false },
  { kind: 'batch-norm' },
  relu,
  { kind: 'max-pool' },
  { kind: 'flatten' },
  dense(CLASSES)
];
const twoHeads = {
  nodes: [dense(8, 'trunk'), { ...relu, id: 'act' }, dense(CLASSES, 'kind'), dense(2, 'marks'), dense(1, 'size')],
  edges: [
    ['n0', 'trunk'],
    ['trunk', 'act'],
    ['act', 'kind'],
    ['act', 'marks'],
    ['act', 'size']
  ] as const
};

export const smallExperiments: readonly SmallExperiment[] = [
  { title: 'batch norm of rows', nodes: [dense(10), { kind: 'batch-norm' }, relu, dense(CLASSES)] },
  {
    title: 'batch norm twice',
    nodes: [{ kind: 'batch-norm' }, dense(7), { kind: 'batch-norm' }, relu, dense(CLASSES)]
  },
  { title: 'batch norm of images', nodes: images, shape: [6, 5, 2] },
  {
    title: 'running statistics',
    nodes: [dense(10), { kind: 'batch-norm', statistics: 'running' }, relu, dense(CLASSES)]
  },
  {
    title: 'norms of every example by itself',
    nodes: [
      { kind: 'conv2d', filters: 8, kernel: 3, padding: 'same' },
      { kind: 'instance-norm' },
      relu,
      { kind: 'conv2d', filters: 6, kernel: 3, bias: false },
      { kind: 'group-norm', groups: 3 },
      relu,
      { kind: 'flatten' },
      dense(12),
      { kind: 'layer-norm' },
      relu,
      dense(CLASSES)
    ],
    shape: [6, 5, 2]
  },
  {
    title: 'words looked up and averaged',
    nodes: [
      { kind: 'embedding', words: 3, width: 6 },
      { kind: 'layer-norm', over: 'channels' },
      { kind: 'global-average-pool' },
      dense(CLASSES)
    ],
    normalize: 'none'
  },
  {
    title: 'words whose vectors are kept short',
    nodes: [{ kind: 'embedding', words: 3, width: 6 }, { kind: 'flatten' }, dense(CLASSES)],
    training: { regularize: { maxNorm: 0.4 } },
    normalize: 'none'
  },
  {
    title: 'branches side by side',
    nodes: [
      dense(5, 'left'),
      dense(7, 'right'),
      { kind: 'softmax', id: 'shares' },
      { kind: 'concat', id: 'both' },
      dense(CLASSES, 'out')
    ],
    edges: [
      ['n0', 'left'],
      ['n0', 'right'],
      ['right', 'shares'],
      ['left', 'both'],
      ['shares', 'both'],
      ['both', 'out']
    ]
  },
  { title: 'dropout', nodes: [dense(30), relu, { kind: 'dropout', rate: 0.4 }, dense(CLASSES)] },
  {
    title: 'several heads',
    ...twoHeads,
    training: {
      heads: {
        kind: { loss: { kind: 'cross-entropy', classWeights: [1, 0.5, 3], smoothing: 0.1 }, target: 'class' },
        marks: {
          loss: { kind: 'binary-cross-entropy', positiveWeights: [2, 1] },
          target: ['red', 'round'],
          share: 0.5
        },
        size: { loss: { kind: 'huber' }, target: ['size'], share: 2 }
      }
    }
  },
  {
    title: 'two outputs that are views of one layer, which also goes on',
    nodes: [dense(CLASSES, 'trunk'), flat('one'), flat('two'), { kind: 'tanh', id: 'act' }, dense(CLASSES, 'three')],
    edges: [
      ['n0', 'trunk'],
      ['trunk', 'one'],
      ['trunk', 'two'],
      ['trunk', 'act'],
      ['act', 'three']
    ],
    training: {
      heads: {
        one: { loss: { kind: 'cross-entropy' } },
        two: { loss: { kind: 'mse' }, target: 'class' },
        three: { loss: { kind: 'cross-entropy' } }
      }
    }
  },
  { title: 'gradients clipped together', nodes: chain, training: { clip: { kind: 'norm', limit: 0.05 } } },
  {
    title: 'gradients clipped one by one',
    nodes: chain,
    training: { clip: { kind: 'norm', limit: 0.05, per: 'tensor' } }
  },
  { title: 'values clipped', nodes: chain, training: { clip: { kind: 'value', limit: 0.01 } } },
  {
    title: 'penalties and limits',
    nodes: chain,
    training: { regularize: { l1: 0.01, l2: 0.1, decay: 0.05, maxNorm: 0.8 } }
  },
  {
    title: 'everything at once',
    nodes: [dense(16), { kind: 'batch-norm' }, relu, { kind: 'dropout', rate: 0.2 }, dense(CLASSES)],
    training: {
      loss: { kind: 'cross-entropy', classWeights: [1, 2, 0.5] },
      clip: { kind: 'norm', limit: 0.5 },
      regularize: { l2: 0.01, maxNorm: 1 }
    }
  }
];

function prepared({ nodes, edges, shape = [6], training = {}, normalize }: SmallExperiment): {
  experiment: Experiment;
  plan: Plan;
} {
  const named = [{ kind: 'input' }, ...nodes].map((node, i) => ({ id: `n${i}`, ...node }));
  const info = {
    name: 'small',
    title: 'Small',
    origin: 'generated' as const,
    shape: [...shape],
    classes: Array.from({ length: CLASSES }, (_, c) => `${c}`),
    values: VALUES.map((value) => ({ ...value })),
    trainCount: EXAMPLES,
    testCount: 0,
    encoding: 'floats' as const,
    license: '',
    source: ''
  };
  const spec = {
    version: 1,
    name: 'small',
    data: { dataset: 'small', ...(normalize && { normalize }) },
    network: { nodes: named, edges: edges ?? named.slice(1).map(({ id }, i) => [named[i]!.id, id]) },
    training: { optimizer: { kind: 'momentum', learningRate: 0.05 }, batchSize: BATCH, ...training }
  };
  const { experiment, problems } = checkExperiment(spec, [info]);
  if (!experiment) throw new Error(JSON.stringify(problems));
  return { experiment, plan: makePlan(experiment, { shape: info.shape, classes: CLASSES, values: info.values }) };
}

export const planOf = (of: SmallExperiment): Plan => prepared(of).plan;
export const networkOf = (of: SmallExperiment): NetworkSpec => prepared(of).experiment.network;

/** Noise, with a class that depends on it, a quantity, and two marks of which every fifth is missing. */
export function tableOf({ shape = [6] }: SmallExperiment): ExampleTable {
  const size = shape.reduce((product, length) => product * length, 1);
  const random = randomStream(5, 'generate');
  const examples = Float32Array.from({ length: EXAMPLES * size }, () => random.normal());
  const first = (i: number) => examples[i * size]!;
  const values = Array.from({ length: EXAMPLES }, (_, i) => [
    2 * first(i) - 0.3,
    i % 5 === 0 ? NaN : Number(first(i) > 0),
    i % 5 === 2 ? NaN : Number(examples[i * size + 1]! > 0.5)
  ]);
  return {
    examples,
    labels: Uint8Array.from({ length: EXAMPLES }, (_, i) => (first(i) > 0.4 ? 2 : first(i) > -0.4 ? 1 : 0)),
    values: Float32Array.from(values.flat()),
    scale: new Float32Array(size).fill(0.9),
    shift: new Float32Array(size).fill(0.1)
  };
}

/** Ten steps of which some are small, more so than a shard may be. */
const COUNTS = [24, 24, 7, 24, 3, 24, 13, 24, 1, 24];

export interface Trained {
  readonly done: number;
  readonly sums: readonly Float64Array[];
  readonly evaluated: Float64Array;
  /** Of the evaluation, all rows of all heads. */
  readonly outputs: readonly number[];
  readonly parameters: Float32Array;
}

/** `shards` overrules the plan, so that small networks are cut too. */
export async function trainSmall(
  backend: Backend,
  of: SmallExperiment,
  { shards = 4, threads = 1, host = plainHost }: { shards?: number; threads?: number; host?: BackendHost } = {}
): Promise<Trained> {
  const { experiment, plan: whole } = prepared(of);
  const plan = { ...whole, shards };
  const engine = await backend.prepare({ plan, table: tableOf(of), host, threads });
  await engine.write('w', initialParameters(plan, 3));
  for (const state of plan.states) await engine.write(state, new Float32Array(plan.arena));
  const steps = COUNTS.length;
  const numbersOf = stepNumbers(experiment, steps);
  const numbers = Array.from({ length: steps }, (_, s) => numbersOf(s + 1));
  const batches: Batches = {
    steps,
    rows: Int32Array.from({ length: steps * BATCH }, (_, i) => (i * 7 + 3) % EXAMPLES),
    counts: Int32Array.from(COUNTS),
    firstStep: 1,
    numbers: Object.fromEntries(
      Object.keys(numbers[0]!).map((name) => [name, Float64Array.from(numbers, (of) => of[name]!)])
    )
  };
  const sums = plan.measures.map(() => new Float64Array(steps));
  const done = await engine.train(batches, sums);
  const outputs: number[] = [];
  const all = Int32Array.from({ length: EXAMPLES }, (_, i) => i);
  const evaluated = await engine.evaluate(all, (heads) => void outputs.push(...heads.flatMap((values) => [...values])));
  const parameters = await engine.read('w');
  await engine.close();
  return { done, sums, evaluated, outputs, parameters };
}
