/** Checkpoints: what is known of one besides its bytes. The bytes are the whole state of a run; see train/run-state.ts. */
import { z } from 'zod';

/**
 * Why it was kept: every so many seconds, because the epoch was the best so far, because a person asked, because the run went back to
 * another one, or because the run ended.
 */
export const checkpointReasons = ['time', 'best', 'hand', 'back', 'end'] as const;
export type CheckpointReason = (typeof checkpointReasons)[number];

const count = z.int().min(0);

export const checkpointSchema = z.object({
  /** Counts the checkpoints of a run, from 1. */
  number: z.int().min(1),
  /** Steps done. */
  step: count,
  /** Epochs finished. */
  epoch: count,
  /** How often the run had gone back before: which branch of its curve this lies on. */
  line: count,
  /** How many changes are in force on that branch. */
  changes: count,
  why: z.enum(checkpointReasons),
  /** Training time so far. */
  seconds: z.number().min(0)
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** As the store lists it. */
export const storedCheckpointSchema = checkpointSchema.extend({ atMs: z.number(), bytes: count });
export type StoredCheckpoint = z.infer<typeof storedCheckpointSchema>;

/** Larger states are not kept: SQLite holds no larger value. */
export const MOST_CHECKPOINT_BYTES = 1_000_000_000;
