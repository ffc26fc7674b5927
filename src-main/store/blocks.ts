import type { Database } from 'better-sqlite3';
import type { Block, BlockPart } from '../../src-worker/contract/drafts.ts';

type BlockRow = Pick<Block, 'id' | 'name' | 'createdAtMs' | 'trashedAtMs'> & { part: string };
const columns = 'id, name, part, created_at_ms AS createdAtMs, trashed_at_ms AS trashedAtMs';

export function blockQueries(db: Database) {
  const list = db.prepare<[], BlockRow>(`SELECT ${columns} FROM blocks ORDER BY name COLLATE NOCASE, id`);
  const insert = db.prepare<[string, string, number], BlockRow>(
    `INSERT INTO blocks (name, part, created_at_ms) VALUES (?, ?, ?) RETURNING ${columns}`
  );
  const rename = db.prepare<[string, number]>('UPDATE blocks SET name = ? WHERE id = ?');
  const trash = db.prepare<[number | null, number]>('UPDATE blocks SET trashed_at_ms = ? WHERE id = ?');
  const remove = db.prepare<[number]>('DELETE FROM blocks WHERE id = ? AND trashed_at_ms IS NOT NULL');
  const empty = db.prepare<[number]>('DELETE FROM blocks WHERE trashed_at_ms < ?');
  return {
    list: (): Block[] => list.all().map(blockOf),
    insert: (name: string, part: BlockPart, nowMs: number): Block =>
      blockOf(insert.get(name, JSON.stringify(part), nowMs)!),
    /** False when there is no such block, as `trash` answers too. */
    rename: (id: number, name: string): boolean => rename.run(name, id).changes > 0,
    /** `atMs` null: out of the trash. */
    trash: (id: number, atMs: number | null): boolean => trash.run(atMs, id).changes > 0,
    /** Only one that is in the trash. */
    delete: (id: number): void => void remove.run(id),
    emptyTrash: (beforeMs: number): void => void empty.run(beforeMs)
  };
}

const blockOf = ({ part, ...row }: BlockRow): Block => ({ ...row, ...(JSON.parse(part) as BlockPart) });
