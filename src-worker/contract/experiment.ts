/**
 * The experiment, version 1: everything that decides what a run computes.
 *
 * This schema checks the frame. What a layer, loss or optimizer of some kind may hold is checked against its own table by
 * `graph/check-experiment.ts`; both together answer with every problem at once.
 */
import { z } from 'zod';

export const EXPERIMENT_VERSION = 1;

const name = z.string().trim().min(1).max(200);
const nodeId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id is 1 to 64 letters, digits, - or _');
const kinded = z.looseObject({ kind: z.string() });

export const nodeSchema = z.looseObject({ id: nodeId, kind: z.string() });
export type NodeSpec = z.infer<typeof nodeSchema>;

export const networkSchema = z.strictObject({
  nodes: z.array(nodeSchema).min(1).max(1000),
  /** Wires, `[from, to]` by node id; a node with several inputs takes them in this order. */
  edges: z.array(z.tuple([z.string(), z.string()])).max(4000)
});
export type NetworkSpec = z.infer<typeof networkSchema>;

export const normalizations = ['standardize', 'min-max', 'none'] as const;
export type Normalization = (typeof normalizations)[number];

export const dataSchema = z.strictObject({
  dataset: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a dataset name is lower-case letters, digits and -'),
  /** Use only this many examples of the training set (drawn by class, seeded); null: all. */
  limit: z.int().min(10).nullable().default(null),
  /** Shares of the training set; the dataset's own test set is kept apart. */
  split: z
    .strictObject({ train: z.number().gt(0).max(1), dev: z.number().min(0).lt(1) })
    .refine(({ train, dev }) => train + dev <= 1 + 1e-9, 'train and dev together must be at most 1')
    .prefault({ train: 0.9, dev: 0.1 }),
  normalize: z.enum(normalizations).default('standardize')
});
export type DataSpec = z.infer<typeof dataSchema>;

export const earlyStoppingSchema = z.strictObject({
  monitor: z.enum(['dev.loss', 'dev.accuracy']).default('dev.loss'),
  /** Stop after this many epochs without a new best. */
  patience: z.int().min(1).max(100_000).default(2),
  /** What counts as better: by more than this. */
  minDelta: z.number().min(0).default(0),
  /** End with the weights of the best epoch. */
  restoreBest: z.boolean().default(true)
});
export type EarlyStoppingSpec = z.infer<typeof earlyStoppingSchema>;

export const trainingSchema = z.strictObject({
  loss: kinded.prefault({ kind: 'cross-entropy' }),
  optimizer: kinded.prefault({ kind: 'adam' }),
  schedule: kinded.prefault({ kind: 'constant' }),
  batchSize: z.int().min(1).max(65_536).default(128),
  epochs: z.int().min(1).max(100_000).default(10),
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
