/** A run: its statuses, the commands that go down to it and the events that come up from it. */
import { z } from 'zod';
import { actSchema } from './agenda.ts';
import { distributionSchema } from './distribution.ts';
import { flatErrorSchema } from './errors.ts';

/** Backends a person can ask for; `auto` measures and picks. */
export const backendNames = ['reference', 'wasm', 'webgpu', 'webgl2', 'gpujs-cpu'] as const;
export type BackendName = (typeof backendNames)[number];
export const backendRequestSchema = z.enum(['auto', ...backendNames]);
export type BackendRequest = z.infer<typeof backendRequestSchema>;

export const endStatuses = ['completed', 'stopped', 'diverged', 'failed', 'interrupted'] as const;
export type EndStatus = (typeof endStatuses)[number];
export const runStatuses = ['running', 'paused', ...endStatuses] as const;
export type RunStatus = (typeof runStatuses)[number];

/** NaN and infinity cannot cross JSON and must not reach SQLite unseen: a metric that is not finite travels as null. */
const metric = z.number().nullable();
const count = z.int().min(0);

/**
 * Loss, share of right answers (null where nothing is right or wrong), and any number of others by name: see metrics/names.ts.
 */
export const metricsSchema = z.object({ loss: metric, accuracy: metric }).catchall(metric);
export type Metrics = z.infer<typeof metricsSchema>;

/** What `auto` measured, or why it could not. */
export const candidateSchema = z.object({
  backend: z.enum(backendNames),
  threads: count,
  detail: z.string(),
  msPerStep: z.number().nullable(),
  /** Why it was not measured; null when it was. */
  reason: z.string().nullable()
});
export type Candidate = z.infer<typeof candidateSchema>;

const normalizationSchema = z.object({ kind: z.string(), shift: z.array(z.number()), scale: z.array(z.number()) });

const startEvent = z.object({
  type: z.literal('start'),
  backend: z.enum(backendNames),
  /** For people: `relaxed SIMD, 2 threads`, or the GPU's name. */
  detail: z.string(),
  threads: count,
  /** One sentence: why this backend. */
  why: z.string(),
  candidates: z.array(candidateSchema),
  parameters: count,
  batchSize: count,
  epochs: count,
  stepsPerEpoch: count,
  /** Names of what is measured after each epoch, the loss first. Runs of earlier versions do not say. */
  metrics: z.array(z.string()).optional(),
  counts: z.object({ train: count, dev: count, test: count }),
  /** Statistics of the training split, one value per channel (images) or column; they belong to the model. */
  normalization: normalizationSchema,
  /** The same of each target column. Runs of earlier versions do not say, and learned the values as they were. */
  targets: normalizationSchema.optional(),
  /** The run from whose checkpoint this one began, with that state in place of first weights. */
  from: z.object({ run: z.int().min(1), checkpoint: z.int().min(1), step: count }).optional()
});
const stepsEvent = z.object({
  type: z.literal('steps'),
  /** Number of the first step in the lists, counted from 1. */
  from: z.int().min(1),
  /** Mean loss and share of right answers of each mini-batch, before its update. */
  loss: z.array(metric),
  accuracy: z.array(metric),
  /** Training time so far, pauses left out. */
  seconds: z.number()
});
const epochEvent = z.object({
  type: z.literal('epoch'),
  epoch: z.int().min(1),
  /** Steps done so far. */
  step: count,
  /** Mean over the epoch's mini-batches, while the weights were moving. */
  train: metricsSchema,
  /** After the epoch; null when nothing is kept for dev. */
  dev: metricsSchema.nullable(),
  seconds: z.number()
});
/** The device that computed was lost; the run goes on with the same numbers on another. */
const backendEvent = z.object({
  type: z.literal('backend'),
  /** Steps done before. */
  step: count,
  backend: z.enum(backendNames),
  detail: z.string(),
  threads: count,
  /** What happened, and why this backend. */
  why: z.string()
});
const pauseEvent = z.object({ type: z.literal('pause'), step: count });
const resumeEvent = z.object({ type: z.literal('resume'), step: count });
/** A setting that was changed at some step. */
export const settingSchema = z.object({ step: z.int().min(1), path: z.string(), to: z.json() });
export type Setting = z.infer<typeof settingSchema>;

/** A setting was changed while the run trained. */
const changeEvent = z.object({
  type: z.literal('change'),
  /** Number of the first step trained with the new value. */
  step: z.int().min(1),
  path: z.string(),
  from: z.json(),
  to: z.json()
});
/** What was asked for and cannot be: the run goes on as before. */
const refusedEvent = z.object({ type: z.literal('refused'), step: count, act: actSchema, why: z.string() });
/** The run goes on from a checkpoint: the steps behind it are a branch of their own from here on, with the settings of that moment. */
const backEvent = z.object({
  type: z.literal('back'),
  /** Steps done when it went back. */
  step: count,
  /** Steps done at the checkpoint. */
  to: count,
  /** Epochs finished at the checkpoint. */
  epoch: count,
  /** The branch on which the checkpoint lies: how often the run had gone back before it. */
  line: count,
  checkpoint: z.int().min(1),
  /** Those that are in force again, in the order in which they were made. */
  changes: z.array(settingSchema)
});
/** The run had been cut off or stopped, and goes on. */
const reopenEvent = z.object({
  type: z.literal('reopen'),
  /** Steps on record. */
  step: count,
  backend: z.enum(backendNames),
  detail: z.string(),
  threads: count
});
/** A checkpoint that a person asked for. */
const checkpointEvent = z.object({ type: z.literal('checkpoint'), step: count, number: z.int().min(1) });
/** What a person wrote down. */
const noteEvent = z.object({ type: z.literal('note'), step: count, text: z.string().min(1).max(2000) });

const share = z.number().min(0).max(1).nullable();
/** Right and wrong answers of one output, by class or yes/no column. */
const headReportSchema = z.object({
  node: z.string(),
  on: z.enum(['dev', 'test']),
  items: z
    .array(
      z.object({
        name: z.string(),
        /** How many examples it has. */
        count,
        /** Of those given it, those that have it; null where nobody was given it. */
        precision: share,
        /** Of those that have it, those given it; null where nobody has it. */
        recall: share,
        f1: share
      })
    )
    .max(256),
  /** Shape (classes, classes): rows what is right, columns what was given. null for yes/no columns and for many classes. */
  confusion: z.array(z.array(count)).max(64).nullable()
});
export type HeadReport = z.infer<typeof headReportSchema>;

/** Where numbers first went wrong; all null where that could not be found out. */
const divergenceSchema = z.object({
  /** The step whose update was not made, or behind whose update the evaluation broke. */
  step: count,
  node: z.string().nullable(),
  what: z.enum(['parameter', 'output', 'loss']).nullable(),
  /** `h1.y` */
  tensor: z.string().nullable()
});
export type Divergence = z.infer<typeof divergenceSchema>;

/** The finished network. */
const finalSchema = z.object({
  /** On examples it was trained on, as in use (without dropout); at most 10 000 of them, spread evenly. */
  train: metricsSchema,
  /** How the values of every tensor of weights lie; biases and scales are left out. */
  weights: z.array(z.object({ node: z.string(), name: z.string(), values: distributionSchema }))
});
export type Final = z.infer<typeof finalSchema>;

const endEvent = z.object({
  type: z.literal('end'),
  status: z.enum(endStatuses),
  step: count,
  /** On the test set, with the final weights; null when there is none or the run did not complete. */
  test: metricsSchema.nullable(),
  seconds: z.number(),
  /** Only with early stopping: the epoch of the best dev metric, and whether its weights were put back before the test. */
  best: z.object({ epoch: count, restored: z.boolean() }).optional(),
  /** Of the outputs with classes or yes/no columns, where the run has completed. */
  reports: z.array(headReportSchema).optional(),
  /** Where the run has completed. */
  final: finalSchema.optional(),
  /** Only where the run diverged. */
  diverged: divergenceSchema.optional(),
  error: flatErrorSchema.nullable()
});

export const runEventSchema = z.discriminatedUnion('type', [
  startEvent,
  stepsEvent,
  epochEvent,
  backendEvent,
  pauseEvent,
  resumeEvent,
  changeEvent,
  refusedEvent,
  backEvent,
  reopenEvent,
  checkpointEvent,
  noteEvent,
  endEvent
]);
export type RunEvent = z.infer<typeof runEventSchema>;
export type StartEvent = z.infer<typeof startEvent>;
export type StepsEvent = z.infer<typeof stepsEvent>;
export type EpochEvent = z.infer<typeof epochEvent>;
export type BackendEvent = z.infer<typeof backendEvent>;
export type RefusedEvent = z.infer<typeof refusedEvent>;
export type ChangeEvent = z.infer<typeof changeEvent>;
export type BackEvent = z.infer<typeof backEvent>;
export type ReopenEvent = z.infer<typeof reopenEvent>;
export type NoteEvent = z.infer<typeof noteEvent>;
export type EndEvent = z.infer<typeof endEvent>;
