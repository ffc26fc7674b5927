/** SQLite's and the file system's errors as the lab's own: what, which file, what to do. */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '../../src-worker/contract/errors.ts';

const ELSEWHERE = 'or choose another file with --db FILE';

/** Runs `work` on the database `file`. Throws: `disk_full`, `database_busy`, `database_unreadable`; LabErrors pass unchanged. */
export function onDatabase<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw databaseError(error, file);
  }
}

/** The same for every method of a set of queries. */
export function guardQueries<T extends Record<string, (...args: never[]) => unknown>>(file: string, queries: T): T {
  const guarded = Object.entries(queries).map(([name, query]) => [
    name,
    (...args: never[]) => onDatabase(file, () => query(...args))
  ]);
  return Object.fromEntries(guarded) as T;
}

function databaseError(error: unknown, file: string): unknown {
  if (error instanceof LabError || !(error instanceof Error)) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const details = { file, reason: code || error.message };
  const failure = (...[kind, message]: ConstructorParameters<typeof LabError>) =>
    new LabError(kind, message, details, { cause: error });

  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || (code.startsWith('SQLITE_IOERR') && isDiskFull(file)))
    return failure(
      'disk_full',
      `No space is left for ${file}. Free some space, ${ELSEWHERE}. What was stored before is intact.`
    );
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return failure('database_busy', `Another program is holding ${file}. Close it and try again, ${ELSEWHERE}.`);
  if (code === 'SQLITE_NOTADB')
    return failure('database_unreadable', `${file} is not an SQLite database. Move it away, ${ELSEWHERE}.`);
  if (code.startsWith('SQLITE_CORRUPT'))
    return failure(
      'database_unreadable',
      `${file} is damaged (${error.message}). Restore it from a copy, ${ELSEWHERE}.`
    );
  if (/^(SQLITE_(CANTOPEN|READONLY|IOERR|PERM|AUTH)|EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST|ENOENT)/.test(code))
    return failure(
      'database_unreadable',
      `${file} cannot be opened for writing (${code}). Check its folder's permissions, ${ELSEWHERE}.`
    );
  return error;
}

/** Some full disks show as a plain input/output error: SQLite cannot grow its shared-memory file. */
function isDiskFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < 65_536;
  } catch {
    return false; // The folder itself is gone: not a matter of space.
  }
}
