import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../../../src-main/store/migrate.ts';
import { openDatabase } from '../../../src-main/store/database.ts';
import { makeStore, openStore } from '../../../src-main/store/store.ts';
import { presetExperiment } from '../../support/presets.ts';
import { holdRun } from '../../support/held-run.ts';
import { epochEvent, startEvent, stepsEvent } from '../../support/run-events.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const newFile = () => join(temporaryFolder(), 'caviar.db');
const failure = (code: string, ...words: string[]) =>
  expect.objectContaining({ code, message: expect.stringMatching(new RegExp(words.join('.*'), 's')) as string });

/** A database as another program or version would leave it. */
function madeBy(file: string, sql: string): string {
  const db = new Sqlite(file);
  db.exec(sql);
  db.close();
  return file;
}

describe('a file that is not this lab’s', () => {
  it('is refused when it is not SQLite, and left as it was', async () => {
    const file = newFile();
    writeFileSync(file, 'A shopping list, long enough to look like a header:\nfish eggs\n'.repeat(20));
    const before = readFileSync(file);
    await expect(openStore(file)).rejects.toEqual(failure('database_unreadable', file, 'not an SQLite', '--db'));
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(join(file, '..'))).toEqual(['caviar.db']);
  });

  it('is refused when it is another program’s SQLite file', async () => {
    const file = madeBy(newFile(), 'CREATE TABLE bookmarks (url TEXT)');
    const before = readFileSync(file);
    await expect(openStore(file)).rejects.toEqual(failure('database_unreadable', 'another program'));
    expect(readFileSync(file)).toEqual(before);
  });

  it('is refused when a newer Caviar wrote it', async () => {
    const file = newFile();
    (await openStore(file)).close();
    madeBy(file, `PRAGMA user_version = ${migrations.length + 1}`);
    await expect(openStore(file)).rejects.toEqual(
      failure('database_newer', file, `version ${migrations.length + 1}`, 'Update')
    );
  });

  it('is refused when it is a folder', async () => {
    const file = newFile();
    mkdirSync(file);
    await expect(openStore(file)).rejects.toEqual(failure('database_unreadable', file));
  });

  it('is refused when it is damaged inside', async () => {
    const file = newFile();
    const store = await openStore(file);
    for (let i = 0; i < 100; i++) store.createRun({ ...presetExperiment('xor'), seed: i });
    store.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xa5, 4096 * 2));
    await expect(openStore(file).then((opened) => opened.listRuns({ limit: 100, offset: 0 }))).rejects.toEqual(
      failure('database_unreadable', 'damaged')
    );
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'is refused where it may not be written',
    async () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o500);
      await expect(openStore(join(folder, 'caviar.db'))).rejects.toEqual(failure('database_unreadable', 'permissions'));
    }
  );
});

describe('a database of an earlier version', () => {
  it.each(migrations.map((_, version) => version))(
    'of version %i is brought up to date, its runs kept',
    async (version) => {
      const file = newFile();
      const current = newFile();
      madeBy(
        file,
        `${migrations.slice(0, version).join('')}; PRAGMA user_version = ${version}; PRAGMA application_id = ${0x43617672}`
      );
      (await openStore(current)).close();
      (await openStore(file)).close();
      const schema = (path: string) => {
        const db = new Sqlite(path, { readonly: true });
        onTestFinished(() => void db.close());
        return db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
      };
      expect(schema(file)).toEqual(schema(current));
    }
  );
});

describe('a run of an earlier version', () => {
  it('is read as it was written, before there were other metrics', async () => {
    const file = newFile();
    const spec = JSON.stringify(presetExperiment('xor')).replaceAll("'", "''");
    madeBy(
      file,
      `${migrations.slice(0, 2).join('')}; PRAGMA user_version = 2; PRAGMA application_id = ${0x43617672};
       INSERT INTO experiments VALUES (1, x'00', 'xor', 1, '${spec}', 0);
       INSERT INTO runs (id, experiment_id, owner_pid, owner_token, revision, updated_at_ms, status, name, dataset, optimizer,
         started_at_ms, epochs, epochs_done, last_train_loss, last_train_accuracy, has_test, test_loss, test_accuracy)
       VALUES (1, 1, 0, '', 1, 0, 'completed', 'xor', 'xor', 'sgd', 0, 1, 1, 0.5, 0.75, 1, 0.25, 0.875);
       INSERT INTO epoch_metrics VALUES (1, 1, 1, 4, 0.5, 0.75, 1, 0.375, 0.625, 2);`
    );
    const store = await openStore(file);
    onTestFinished(() => store.close());
    expect(store.getSummary(1)).toMatchObject({
      last: { train: { loss: 0.5, accuracy: 0.75 }, dev: null },
      test: { loss: 0.25, accuracy: 0.875 }
    });
    expect(store.getRun(1).events).toEqual([
      {
        ...{ type: 'epoch', epoch: 1, step: 4, seconds: 2 },
        ...{ train: { loss: 0.5, accuracy: 0.75 }, dev: { loss: 0.375, accuracy: 0.625 } }
      }
    ]);
  });
});

describe('a full disk', () => {
  it('fails an append whole, keeps what was there, and goes on when there is space again', async () => {
    const file = newFile();
    const db = await openDatabase(file);
    const store = makeStore(db, file);
    onTestFinished(() => store.close());
    const id = store.createRun(presetExperiment('xor'));
    store.appendEvents(id, [startEvent]);

    // SQLite's own limit ends as a file system without space does: SQLITE_FULL in the middle of a transaction.
    const noise = stepsEvent(
      1,
      Array.from({ length: 9000 }, (_, i) => Math.abs(Math.sin(i * i)))
    );
    const unlimited = db.pragma('max_page_count', { simple: true }) as number;
    db.pragma('max_page_count = 1');
    expect(() => store.appendEvents(id, [epochEvent(1, 0.5), noise])).toThrow(
      failure('disk_full', 'No space', file) as Error
    );
    expect(store.getRun(id).events).toEqual([startEvent]);
    expect(store.getSummary(id).epochsDone).toBe(0);

    db.pragma(`max_page_count = ${unlimited}`);
    store.appendEvents(id, [noise]);
    expect(store.getRun(id).events).toEqual([startEvent, noise]);
  });
});

describe('a database that another program holds', () => {
  it('is waited for, then reported', async () => {
    const file = newFile();
    const store = await openStore(file);
    onTestFinished(() => store.close());
    const other = new Sqlite(file);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const before = performance.now();
    expect(() => store.createRun(presetExperiment('xor'))).toThrow(failure('database_busy', file) as Error);
    expect(performance.now() - before).toBeGreaterThan(1000);
    other.exec('COMMIT');
    expect(store.createRun(presetExperiment('xor'))).toBe(1);
  });
});

describe('a new database', () => {
  it('is made once by processes that open it together', async () => {
    const file = newFile();
    const runs = await Promise.all(Array.from({ length: 4 }, () => holdRun(file)));
    expect(runs.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4]);
  });
});
