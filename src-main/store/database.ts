/** Opens the lab's one SQLite file. Called by store.ts alone. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { LabError } from '../../src-worker/contract/errors.ts';
import { onDatabase } from './errors.ts';
import { checkOwnership, migrate } from './migrate.ts';

const BUSY_TIMEOUT_MS = 5000;
const NODE_API = 10;

/** Throws: `node_too_old`, `database_unreadable`, `database_newer`, `database_busy`, `disk_full`. */
export async function openDatabase(file: string): Promise<Database> {
  const Sqlite = await loadSqlite();
  return onDatabase(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    const db = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      checkOwnership(db, file);
      db.pragma('journal_mode = WAL');
      // In WAL mode a kill or crash cannot corrupt the file with NORMAL; only a power cut may lose the last moments.
      db.pragma('synchronous = NORMAL');
      db.pragma('foreign_keys = ON');
      migrate(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** An older Node would die of better-sqlite3 with a bare SIGSEGV, so it is refused before the import. */
async function loadSqlite() {
  if (Number(process.versions.napi) < NODE_API)
    throw new LabError(
      'node_too_old',
      `Caviar needs Node 22.14 or newer, for the Node-API ${NODE_API} of its database; this is Node ${process.version}.`,
      { version: process.version }
    );
  return (await import('better-sqlite3')).default;
}
