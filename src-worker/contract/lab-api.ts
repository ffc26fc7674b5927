/**
 * The one interface between the page and the machine. Electron's main process and the Node host implement it; the page calls it and
 * never knows which of the two answers. Every argument list is checked by its schema before the implementation sees it.
 */
import { z } from 'zod';
import { storedCheckpointSchema } from './checkpoint.ts';
import { datasetInfoSchema } from './dataset.ts';
import {
  blockPartSchema,
  blockSchema,
  draftIdSchema,
  draftNameSchema,
  draftRecordSchema,
  draftSummarySchema,
  saveDraftSchema,
  type Edit,
  type SaveDraft
} from './drafts.ts';
import { experimentSchema } from './experiment.ts';
import { backendRequestSchema, metricsSchema, runEventSchema, runStatuses, type RunEvent } from './run.ts';

const runId = z.int().min(1);
const blockId = z.int().min(1);

export const labInfoSchema = z.object({
  host: z.enum(['desktop', 'browser']),
  version: z.string(),
  runtime: z.string(),
  sqlite: z.string(),
  /** Where the runs are kept, for people. */
  database: z.string()
});
export type LabInfo = z.infer<typeof labInfoSchema>;

export const presetSchema = z.object({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  experiment: experimentSchema
});
export type Preset = z.infer<typeof presetSchema>;

/** The run from which one was forked; `checkpoint` null: it began with first weights of its own. */
export const parentSchema = z.object({ run: runId, checkpoint: z.int().min(1).nullable() });
export type Parent = z.infer<typeof parentSchema>;

export const runSummarySchema = z.object({
  id: runId,
  name: z.string(),
  status: z.enum(runStatuses),
  dataset: z.string(),
  /** null until the run has chosen one. */
  backend: z.string().nullable(),
  optimizer: z.string(),
  learningRate: z.number().nullable(),
  parameters: z.int().nullable(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  /** Training time, pauses left out. */
  seconds: z.number(),
  epochs: z.int(),
  epochsDone: z.int(),
  last: z.object({ train: metricsSchema, dev: metricsSchema.nullable() }).nullable(),
  /** The epoch of the highest dev accuracy (train accuracy without a dev set), or of the lowest loss where nothing is right or wrong. */
  best: z.object({ epoch: z.int(), train: metricsSchema, dev: metricsSchema.nullable() }).nullable(),
  test: metricsSchema.nullable(),
  parent: parentSchema.nullable()
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** A stored run. Folding `events` gives the picture that the run had live. */
export const runRecordSchema = z.object({
  summary: runSummarySchema,
  experiment: experimentSchema,
  events: z.array(runEventSchema)
});
export type RunRecord = Omit<z.infer<typeof runRecordSchema>, 'events'> & { events: RunEvent[] };

/** Method → its argument list and its answer. The type `LabApi` is derived from this table. */
export const labApi = {
  hello: { args: z.tuple([]), result: labInfoSchema },
  listPresets: { args: z.tuple([]), result: z.array(presetSchema) },
  listDatasets: { args: z.tuple([]), result: z.array(datasetInfoSchema) },
  /**
   * The run belongs to the caller's connection until it ends, or until `claim` is shown on another one.
   * Throws: `invalid_experiment` with all problems.
   */
  createRun: {
    args: z.tuple([
      z.object({
        experiment: z.unknown(),
        backend: backendRequestSchema,
        threads: z.int().min(0).max(64),
        /** The run of which this is a fork. Its checkpoint is kept for good. */
        parent: parentSchema.nullable().optional()
      })
    ]),
    result: z.object({ id: runId, experiment: experimentSchema, claim: z.string() })
  },
  /**
   * Makes a run that has ended, or whose page is lost, the caller's, so that it goes on; as with `createRun`, until it ends. Answers what
   * is on record. Throws: `run_not_found`, `run_not_ended`, `run_already_ended` where nothing is left to do.
   */
  reopenRun: { args: z.tuple([runId]), result: z.object({ claim: z.string(), steps: z.int(), epochs: z.int() }) },
  /** What is kept of a run's states; the bytes are fetched (contract/transport.ts). Throws: `run_not_found`. */
  listCheckpoints: { args: z.tuple([runId]), result: z.array(storedCheckpointSchema) },
  /** Pins words to a step, at any time. Throws: `run_not_found`. */
  addNote: { args: z.tuple([runId, z.int().min(0), z.string().trim().min(1).max(2000)]), result: z.void() },
  /**
   * Moves a run to the caller's connection, whatever became of the one before: a break is often noticed late. A run that has ended
   * needs no owner. Throws: `forbidden` when `claim` is not what `createRun` answered, `run_not_found`.
   */
  claimRun: { args: z.tuple([runId, z.string().min(1).max(64)]), result: z.void() },
  /** Throws: `run_not_found`, `run_already_ended`, `forbidden` when the run belongs to another connection. */
  appendEvents: { args: z.tuple([runId, z.array(runEventSchema).max(10_000)]), result: z.void() },
  listRuns: {
    args: z.tuple([z.object({ limit: z.int().min(1).max(10_000), offset: z.int().min(0) })]),
    result: z.array(runSummarySchema)
  },
  countRuns: { args: z.tuple([]), result: z.int() },
  /** Throws: `run_not_found`. */
  getRun: { args: z.tuple([runId]), result: runRecordSchema },
  /** Everything the page keeps between starts: theme, language, last place, selection. */
  getSettings: { args: z.tuple([]), result: z.record(z.string(), z.unknown()) },
  setSetting: { args: z.tuple([z.string().min(1).max(64), z.json()]), result: z.void() },
  /** The one changed last first, those in the trash too. */
  listDrafts: { args: z.tuple([]), result: z.array(draftSummarySchema) },
  /** With the edits that are undone and the newest ones; older ones are read by `readEdits`. Throws: `draft_not_found`. */
  openDraft: { args: z.tuple([draftIdSchema]), result: draftRecordSchema },
  /** Edits `from` to before `to`. Throws: `draft_not_found`. */
  readEdits: { args: z.tuple([draftIdSchema, z.int().min(0), z.int().min(0)]), result: z.custom<readonly Edit[]>() },
  /**
   * Creates a draft or brings it to its next state; takes it out of the trash. The same call sent again changes nothing.
   * Throws: `draft_conflict` when it has another revision than `before`, `draft_not_found`, `bad_request` for what is too large.
   */
  saveDraft: { args: z.tuple([saveDraftSchema]), result: z.void() },
  /** As an edit, that can be undone. Throws: `draft_not_found`. */
  renameDraft: { args: z.tuple([draftIdSchema, draftNameSchema]), result: z.void() },
  /** With all its edits, under a name and an id of its own. Throws: `draft_not_found`. */
  copyDraft: {
    args: z.tuple([z.object({ id: draftIdSchema, to: draftIdSchema, name: draftNameSchema })]),
    result: z.void()
  },
  /** In the trash a draft is kept for another 30 days. Throws: `draft_not_found`. */
  trashDraft: { args: z.tuple([draftIdSchema]), result: z.void() },
  restoreDraft: { args: z.tuple([draftIdSchema]), result: z.void() },
  /** Removes a draft that was never edited: it can be taken from where it began at any time. One with edits stays. */
  dropDraft: { args: z.tuple([draftIdSchema]), result: z.void() },
  /** For good, with its edits; one that is not in the trash stays. */
  deleteDraft: { args: z.tuple([draftIdSchema]), result: z.void() },
  /** Parts of networks kept by name, in the order of their names, those in the trash too. */
  listBlocks: { args: z.tuple([]), result: z.array(blockSchema) },
  /** Throws: `bad_request` for what is too large. */
  saveBlock: { args: z.tuple([draftNameSchema, blockPartSchema]), result: blockSchema },
  /** Throws: `block_not_found`, as the two below. */
  renameBlock: { args: z.tuple([blockId, draftNameSchema]), result: z.void() },
  trashBlock: { args: z.tuple([blockId]), result: z.void() },
  restoreBlock: { args: z.tuple([blockId]), result: z.void() },
  /** For good; one that is not in the trash stays. */
  deleteBlock: { args: z.tuple([blockId]), result: z.void() }
} satisfies Record<string, { args: z.ZodType; result: z.ZodType }>;

type Methods = typeof labApi;
type Plain = {
  [M in keyof Methods]: (
    ...args: z.input<Methods[M]['args']> extends infer A extends unknown[] ? A : never
  ) => Promise<M extends 'getRun' ? RunRecord : z.output<Methods[M]['result']>>;
};
/** What a draft holds is typed more closely than it is checked: it may be wrong. */
export type LabApi = Omit<Plain, 'saveDraft'> & { saveDraft(state: SaveDraft): Promise<void> };

/** Calls from the host to every open page. */
export interface LabEvents {
  /** Runs were created or changed, by this page, another window or the command line. */
  runsChanged(ids: number[]): void;
}

export { BRIDGE, datasetUrl, RPC_PATH, type Transport } from './transport.ts';
