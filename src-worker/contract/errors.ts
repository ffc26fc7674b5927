/**
 * The one error class of the lab, and how it crosses a port.
 *
 * Not for outcomes of a run: diverged, stopped and interrupted are statuses (see run.ts). Not for user input that can have several
 * faults at once: that is validated and answered with `Problem`s (see problems.ts), which `invalid_experiment` then carries.
 */
import { z } from 'zod';

export const errorCodes = [
  'backend_unavailable',
  'bad_checkpoint',
  'bad_dataset',
  'bad_golden_file',
  'bad_request',
  'block_not_found',
  'checkpoint_not_found',
  'database_busy',
  'database_newer',
  'database_unreadable',
  'dataset_not_found',
  'disk_full',
  'download_failed',
  'draft_conflict',
  'draft_not_found',
  'experiment_not_found',
  'forbidden',
  'internal',
  'invalid_argument',
  'invalid_experiment',
  'node_too_old',
  'out_of_memory',
  'port_unavailable',
  'preset_not_found',
  'run_already_ended',
  'run_not_ended',
  'run_not_found',
  'unreadable_file'
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What a LabError looks like on the other side of a process or thread boundary. */
export const flatErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  details: z.record(z.string(), z.unknown())
});
export type FlatError = z.infer<typeof flatErrorSchema>;

/** A failure that a person can act on: the message says what, where, the offending value and the next step. */
export class LabError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
    this.details = details;
  }
}

/** Errors lose their own fields in JSON and in a structured clone, so they travel as plain data. */
export function flattenError(error: unknown): FlatError {
  if (error instanceof LabError) return { code: error.code, message: error.message, details: error.details };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), details: {} };
}

export function reviveError({ code, message, details }: FlatError): LabError {
  return new LabError(code, message, details);
}
