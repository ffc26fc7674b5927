/** Brings a database to this version's tables. A released migration is never edited: what it left behind lies on people's disks. */
import type { Database } from 'better-sqlite3';
import { LabError } from '../../src-worker/contract/errors.ts';
import { runs } from './migrations/001-runs.ts';
import { settings } from './migrations/002-settings.ts';
import { metrics } from './migrations/003-metrics.ts';
import { drafts } from './migrations/004-drafts.ts';
import { checkpoints } from './migrations/005-checkpoints.ts';

/** In order; the n-th leads to `user_version` n. */
export const migrations: readonly string[] = [runs, settings, metrics, drafts, checkpoints];

/** “Cavr”, in the file's header, so that another program's SQLite file is recognized as such. */
export const APPLICATION_ID = 0x43617672;

/**
 * Throws: `database_newer` when a later Caviar wrote the file, `database_unreadable` when another program did. Nothing is changed then.
 */
export function checkOwnership(db: Database, file: string): void {
  const applicationId = db.pragma('application_id', { simple: true }) as number;
  const version = userVersion(db);
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (isEmpty && version === 0 && (applicationId === 0 || applicationId === APPLICATION_ID)) return;
  if (applicationId !== APPLICATION_ID)
    throw new LabError(
      'database_unreadable',
      `${file} is an SQLite file of another program. Choose another file with --db FILE.`,
      {
        file,
        applicationId
      }
    );
  if (version > migrations.length)
    throw new LabError(
      'database_newer',
      `${file} was written by a newer Caviar (database version ${version}; this one knows up to ${migrations.length}). ` +
        'Update Caviar, or choose another file with --db FILE.',
      { file, version, known: migrations.length }
    );
}

/** All missing migrations in one transaction: a database is either at its old version or at the newest. */
export function migrate(db: Database): void {
  if (userVersion(db) === migrations.length) return;
  db.transaction(() => {
    // Read again inside the transaction: another process may have been faster.
    for (const sql of migrations.slice(userVersion(db))) db.exec(sql);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${migrations.length}`);
  }).immediate();
}

const userVersion = (db: Database) => db.pragma('user_version', { simple: true }) as number;
