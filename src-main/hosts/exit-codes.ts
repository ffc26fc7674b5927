/** How the command line ends, for scripts. docs/cli.md and `caviar --help` list the same numbers. */
import type { ErrorCode } from '../../src-worker/contract/errors.ts';
import type { EndEvent } from '../../src-worker/contract/run.ts';

export const exitCodes = { ok: 0, failed: 1, badInput: 2, database: 3, diverged: 4, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const badInput: readonly ErrorCode[] = [
  'backend_unavailable',
  'bad_dataset',
  'bad_golden_file',
  'bad_request',
  'checkpoint_not_found',
  'dataset_not_found',
  'experiment_not_found',
  'invalid_argument',
  'invalid_experiment',
  'preset_not_found',
  'run_already_ended',
  'run_not_ended',
  'run_not_found',
  'unreadable_file'
];
const database: readonly ErrorCode[] = ['database_busy', 'database_newer', 'database_unreadable', 'disk_full'];

export function exitCodeOfError(code: ErrorCode): ExitCode {
  if (badInput.includes(code)) return exitCodes.badInput;
  return database.includes(code) ? exitCodes.database : exitCodes.failed;
}

export function exitCodeOfEnd({ status, error }: EndEvent): ExitCode {
  switch (status) {
    case 'completed':
      return exitCodes.ok;
    case 'diverged':
      return exitCodes.diverged;
    case 'stopped':
    case 'interrupted':
      return exitCodes.interrupted;
    case 'failed':
      return error ? exitCodeOfError(error.code) : exitCodes.failed;
    default:
      return status satisfies never;
  }
}

export const exitCodeHelp = `
Exit codes:
  0    done
  1    failed
  2    bad input: usage, experiment, preset, dataset, run number, backend
  3    database: not readable, of a newer version, busy, disk full
  4    the run diverged (its loss is no longer a number)
  130  stopped by Ctrl-C or SIGTERM; the run is kept as “stopped”`;
