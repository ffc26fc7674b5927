import type { Database } from 'better-sqlite3';
import type { Edit } from '../../src-worker/contract/drafts.ts';

export function draftEditQueries(db: Database) {
  const between = db
    .prepare<[string, number, number], string>(
      'SELECT edit FROM draft_edits WHERE draft_id = ? AND seq >= ? AND seq < ? ORDER BY seq'
    )
    .pluck();
  const insert = db.prepare<[string, number, string]>('INSERT INTO draft_edits VALUES (?, ?, ?)');
  const truncate = db.prepare<[string, number]>('DELETE FROM draft_edits WHERE draft_id = ? AND seq >= ?');
  const copy = db.prepare<[string, string, number]>(
    'INSERT INTO draft_edits SELECT ?, seq, edit FROM draft_edits WHERE draft_id = ? AND seq < ?'
  );
  return {
    /** `from` to before `to`. */
    between: (draftId: string, from: number, to: number): Edit[] =>
      between.all(draftId, from, to).map((edit) => JSON.parse(edit) as Edit),
    /** In place of all edits from `from` on. */
    replace(draftId: string, from: number, edits: readonly Edit[]): void {
      truncate.run(draftId, from);
      for (const [index, edit] of edits.entries()) insert.run(draftId, from + index, JSON.stringify(edit));
    },
    /** The first `count`. */
    copy: (from: string, to: string, count: number): void => void copy.run(to, from, count)
  };
}
