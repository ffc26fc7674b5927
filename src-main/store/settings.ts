import type { Database } from 'better-sqlite3';

export function settingQueries(db: Database) {
  const all = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM settings ORDER BY name');
  const set = db.prepare<[string, string]>(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'
  );
  return {
    all: (): Record<string, unknown> =>
      Object.fromEntries(all.all().map(({ name, value }) => [name, JSON.parse(value) as unknown])),
    set: (name: string, value: unknown): void => void set.run(name, JSON.stringify(value))
  };
}
