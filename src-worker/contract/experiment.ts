/**
 * The experiment, version 1: everything that decides what a run computes.
 *
 * This schema checks the frame. What a layer, loss or optimizer of some kind may hold is checked against its own table by
 * `graph/check-experiment.ts`; both together answer with every problem at once.
 */
import { z } from 'zod';
import { problemWords, type ProblemCode } from './problem-words.ts';

export const EXPERIMENT_VERSION = 1;

/** Refused by what has words of its own in problem-words.ts. */
const told = <T extends z.ZodType>(schema: T, problem: ProblemCode, test: (value: z.output<T>) => boolean): T =>
  schema.refine(test, { message: problemWords[problem].why, params: { problem } });

const name = z.string().trim().min(1).max(200);
/** JavaScript keeps the name __proto__ for itself. */
const nodeId = told(z.string(), 'bad-id', (id) => /^[A-Za-z0-9_-]{1,64}$/.test(id) && id !== '__proto__');
const kinded = z.looseObject({ kind: z.string() });
/** In lists a kind alone is short for `{ kind }`. */
const listed = z.preprocess((value) => (typeof value === 'string' ? { kind: value } : value), kinded);

export const nodeSchema = z.looseObject({ id: nodeId, kind: z.string() });
export type NodeSpec = z.infer<typeof nodeSchema>;

export const MOST_NODES = 1000;
export const MOST_WIRES = 4000;

export const networkSchema = z.strictObject({
  nodes: z.array(nodeSchema).min(1).max(MOST_NODES),
  /** Wires, `[from, to]` by node id; a node with several inputs takes them in this order. */
  edges: z.array(z.tuple([z.string(), z.string()])).max(MOST_WIRES)
});
export type NetworkSpec = z.infer<typeof networkSchema>;

export const normalizations = ['standardize', 'min-max', 'none'] as const;
export type Normalization = (typeof normalizations)[number];
export const targetNormalizations = ['standardize', 'none'] as const;
export type TargetNormalization = (typeof targetNormalizations)[number];

export const dataSchema = z.strictObject({
  dataset: told(z.string(), 'bad-dataset-name', (text) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(text)),
  /** Use only this many examples of the training set (drawn by class, seeded); null: all. */
  limit: z.int().min(10).nullable().default(null),
  /** Shares of the training set; the dataset's own test set is kept apart. */
  split: told(
    z.strictObject({ train: z.number().gt(0).max(1), dev: z.number().min(0).lt(1) }),
    'split-over-one',
    ({ train, dev }) => train + dev <= 1 + 1e-9
  ).prefault({ train: 0.9, dev: 0.1 }),
  normalize: z.enum(normalizations).default('standardize'),
  /** Of quantities to predict; classes and columns of yes and no stay as they are. */
  normalizeTargets: z.enum(targetNormalizations).default('standardize'),
  /** Changes of the training examples, drawn anew every time one is seen, in this order. */
  augment: z.array(listed).max(20).default([])
});
export type DataSpec = z.infer<typeof dataSchema>;

export const earlyStoppingSchema = z.strictObject({
  /** A metric of the dev set by its name: `dev.loss`, `dev.accuracy`, `dev.f1`, `dev.top-k:5`, of one of several outputs `dev.shape.f1`. */
  monitor: told(z.string(), 'bad-monitor', (text) => /^dev\../.test(text)).default('dev.loss'),
  /** Stop after this many epochs without a new best. */
  patience: z.int().min(1).max(100_000).default(2),
  /** What counts as better: by more than this. */
  minDelta: z.number().min(0).default(0),
  /** End with the weights of the best epoch. */
  restoreBest: z.boolean().default(true)
});
export type EarlyStoppingSpec = z.infer<typeof earlyStoppingSchema>;

const coefficient = z.number().min(0).max(1e6).default(0);

/** How a penalty's λ is meant; w runs over the weights, m is the size of the mini-batch. */
export const penaltyForms = ['half', 'whole', 'per-example'] as const;

/** Against overfitting, on the weights; biases and the scales of normalizations are spared unless `biases`. */
export const regularizeSchema = z.strictObject({
  /** λ₁ Σ|w|, or λ₁/(2m) Σ|w| per example. Weights that it outweighs become exactly 0. */
  l1: coefficient,
  /** `half` λ₂/2 Σw², `whole` λ₂ Σw², `per-example` λ₂/(2m) Σw². L1 and L2 together are the elastic net. */
  l2: coefficient,
  form: z.enum(penaltyForms).default('half'),
  /** Decoupled weight decay: w shrinks by α·decay before the step, whatever the optimizer. */
  decay: coefficient,
  /** No unit's incoming weights are longer than this (in the 2-norm); null: no limit. */
  maxNorm: z.number().gt(0).max(1e6).nullable().default(null),
  biases: z.boolean().default(false)
});
export type RegularizeSpec = z.infer<typeof regularizeSchema>;

/** Limits of the gradients, before the penalties are added. */
export const clipSchema = z.discriminatedUnion('kind', [
  /** All gradients together no longer than `limit` in the 2-norm; or each tensor by itself. */
  z.strictObject({
    kind: z.literal('norm'),
    limit: z.number().gt(0),
    per: z.enum(['network', 'tensor']).default('network')
  }),
  /** No gradient beyond ± limit. */
  z.strictObject({ kind: z.literal('value'), limit: z.number().gt(0) })
]);
export type ClipSpec = z.infer<typeof clipSchema>;

/** What judges one of several outputs. */
export const headSchema = z.strictObject({
  loss: kinded.prefault({ kind: 'cross-entropy' }),
  /** `class`, or names of value columns of the dataset; null: the class where the dataset has one, else all columns. */
  target: z
    .union([z.literal('class'), z.array(z.string()).min(1)])
    .nullable()
    .default(null),
  /** Share of its loss in the sum. */
  share: z.number().gt(0).max(1e6).default(1)
});
export type HeadSpec = z.infer<typeof headSchema>;

export const trainingSchema = z.strictObject({
  /** Of the one output; several are told apart in `heads`. */
  loss: kinded.prefault({ kind: 'cross-entropy' }),
  /** By the node whose output it is. */
  heads: z.record(nodeId, headSchema).default({}),
  optimizer: kinded.prefault({ kind: 'adam' }),
  schedule: kinded.prefault({ kind: 'constant' }),
  /** Measured besides those that fit the target anyway. */
  metrics: z.array(listed).max(50).default([]),
  batchSize: z.int().min(1).max(65_536).default(128),
  epochs: z.int().min(1).max(100_000).default(10),
  regularize: regularizeSchema.prefault({}),
  clip: clipSchema.nullable().default(null),
  earlyStopping: earlyStoppingSchema.nullable().default(null)
});
export type TrainingSpec = z.infer<typeof trainingSchema>;

export const experimentSchema = z.strictObject({
  version: z.literal(EXPERIMENT_VERSION),
  name,
  seed: z.int().min(0).max(0xffffffff).default(42),
  data: dataSchema,
  network: networkSchema,
  training: trainingSchema.prefault({})
});
export type Experiment = z.infer<typeof experimentSchema>;
