/** Experiments while they are being built, with every edit ever made to them, and parts of networks kept to be used again: as pages and store exchange them. */
import { z } from 'zod';
import { nodeSchema, type Experiment } from './experiment.ts';
import type { JsonPatch } from './json-patch.ts';

/** Characters of JSON. Far above the largest network that an experiment may have, far below what a message may carry. */
export const MAX_DOCUMENT_CHARACTERS = 2_000_000;
export const MAX_BLOCK_CHARACTERS = 200_000;
/** Of the edits in one call. */
export const MAX_EDITS_CHARACTERS = 4_000_000;
export const MAX_EDITS_PER_CALL = 1000;

const name = z.string().trim().min(1).max(200);
const wire = z.tuple([z.string(), z.string()]);
const node = nodeSchema.refine(({ kind }) => !(kind in {}), {
  path: ['kind'],
  error: 'JavaScript keeps this name for itself'
});
const nodes = z.array(node).refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
  error: 'every layer has an id of its own'
});
const part = z.looseObject({}).default({});

/** What the canvas can draw and a person can mend there, however wrong: layers with ids of their own, and wires. */
export const drawableSchema = z.looseObject({
  version: z.literal(1).default(1),
  name: z.string().default('untitled'),
  data: part,
  network: z.looseObject({ nodes: nodes.max(1000), edges: z.array(wire).max(4000).default([]) }),
  training: part
});

const layoutSchema = z.record(z.string().max(64), z.tuple([z.number(), z.number()]));
export type Layout = Readonly<Record<string, readonly [x: number, y: number]>>;

/** The experiment is what was typed, valid or not: it is not checked. */
export const draftDocumentSchema = z.object({ experiment: z.looseObject({}), layout: layoutSchema });
export interface DraftDocument {
  /** What was typed, valid or not. */
  readonly experiment: Experiment;
  /** Places on the canvas by node, in pixels; a layer without one is placed by the layout. */
  readonly layout: Layout;
}

const patchSchema = z.array(
  z.object({ op: z.enum(['add', 'replace', 'remove']), path: z.string(), value: z.unknown().optional() })
);
export const editSchema = z.object({
  what: z.string().min(1).max(64),
  forward: patchSchema,
  backward: patchSchema,
  merge: z.string().max(400).nullable(),
  atMs: z.number()
});
export interface Edit {
  /** What was done: the message `edit.<what>` says it. */
  readonly what: string;
  readonly forward: JsonPatch;
  readonly backward: JsonPatch;
  /** Edits of one thing shortly after another, as while a number is typed, become one. */
  readonly merge: string | null;
  readonly atMs: number;
}

/** Where a draft began. */
export const basisSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('preset'), name: z.string().max(200) }),
  z.object({ type: z.literal('run'), id: z.int().min(1) }),
  z.object({ type: z.literal('file'), name: z.string().max(1000) }),
  z.object({ type: z.literal('new') })
]);
export type Basis = z.infer<typeof basisSchema>;

/** Made by the page, of chance, so that a call whose answer was lost can be repeated. */
export const draftIdSchema = z.string().regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits');

export const draftSummarySchema = z.object({
  id: draftIdSchema,
  revision: z.string(),
  /** The experiment's. */
  name: z.string(),
  dataset: z.string().nullable(),
  layers: z.int(),
  edits: z.int(),
  basis: basisSchema,
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  trashedAtMs: z.number().nullable()
});
export type DraftSummary = z.infer<typeof draftSummarySchema>;

/** A stored draft with the newest of its edits. */
export interface DraftRecord {
  readonly summary: DraftSummary;
  readonly document: DraftDocument;
  /** The experiment as it was taken from `summary.basis`. */
  readonly origin: Experiment;
  /** How many edits are done; those behind can be done again. */
  readonly at: number;
  /** Place of `edits[0]` among all edits. */
  readonly from: number;
  readonly edits: readonly Edit[];
}
export const draftRecordSchema = z.custom<DraftRecord>();

/** One state of a draft, and what happened to its edits since the state before. */
export const saveDraftSchema = z.object({
  id: draftIdSchema,
  /** The revision that the page knows; null: the draft is new. */
  before: draftIdSchema.nullable(),
  /** Of this state, made by the page as an id is. */
  revision: draftIdSchema,
  document: draftDocumentSchema,
  at: z.int().min(0),
  /** The edits from this place on are replaced by `edits`. */
  from: z.int().min(0),
  edits: z.array(editSchema).max(MAX_EDITS_PER_CALL),
  /** Left out where it is as before. */
  basis: basisSchema.optional(),
  origin: z.looseObject({}).optional()
});
export interface SaveDraft {
  readonly id: string;
  readonly before: string | null;
  readonly revision: string;
  readonly document: DraftDocument;
  readonly at: number;
  readonly from: number;
  readonly edits: readonly Edit[];
  readonly basis?: Basis | undefined;
  readonly origin?: Experiment | undefined;
}

/** A part of a network kept under a name, to be set into others. */
export const blockPartSchema = z.object({
  nodes: nodes.min(1).max(1000),
  edges: z.array(wire).max(4000),
  /** Relative to the upper left corner of the part. */
  layout: layoutSchema
});
export type BlockPart = z.infer<typeof blockPartSchema>;
export const blockSchema = blockPartSchema.extend({
  id: z.int().min(1),
  name,
  createdAtMs: z.number(),
  trashedAtMs: z.number().nullable()
});
export type Block = z.infer<typeof blockSchema>;
export const draftNameSchema = name;
