import type { Database } from 'better-sqlite3';
import type { Basis, DraftDocument, DraftSummary } from '../../src-worker/contract/drafts.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';

/** A draft without its edits. */
export interface DraftState {
  revision: string;
  document: DraftDocument;
  edits: number;
  at: number;
  basis: Basis;
  origin: Experiment;
}

type SummaryRow = Omit<DraftSummary, 'basis'> & { basis: string };
type Texts = 'document' | 'basis' | 'origin';
type StateRow = Omit<DraftState, Texts> & Record<Texts, string>;

/** A name or dataset that is no text is shown as if there were none. */
const textAt = (path: string) => `CASE json_type(document, '${path}') WHEN 'text' THEN document ->> '${path}' END`;
const summaryColumns = `id, revision, coalesce(${textAt('$.experiment.name')}, '') AS name,
  ${textAt('$.experiment.data.dataset')} AS dataset,
  coalesce(json_array_length(document, '$.experiment.network.nodes'), 0) AS layers, edits, basis,
  created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs, trashed_at_ms AS trashedAtMs`;

export function draftQueries(db: Database) {
  const list = db.prepare<[], SummaryRow>(`SELECT ${summaryColumns} FROM drafts ORDER BY updated_at_ms DESC, id`);
  const one = db.prepare<[string], SummaryRow>(`SELECT ${summaryColumns} FROM drafts WHERE id = ?`);
  const state = db.prepare<[string], StateRow>(
    'SELECT revision, document, edits, at, basis, origin FROM drafts WHERE id = ?'
  );
  const insert = db.prepare<[object]>(
    `INSERT INTO drafts VALUES (@id, @revision, @document, @edits, @at, @basis, @origin, @nowMs, @nowMs, NULL)`
  );
  const update = db.prepare<[object]>(
    `UPDATE drafts SET revision = @revision, document = @document, edits = @edits, at = @at, basis = @basis, origin = @origin,
       updated_at_ms = @nowMs, trashed_at_ms = NULL WHERE id = @id`
  );
  const trash = db.prepare<[number | null, string]>('UPDATE drafts SET trashed_at_ms = ? WHERE id = ?');
  const drop = db.prepare<[string]>('DELETE FROM drafts WHERE id = ? AND edits = 0');
  const remove = db.prepare<[string]>('DELETE FROM drafts WHERE id = ? AND trashed_at_ms IS NOT NULL');
  const empty = db.prepare<[number]>('DELETE FROM drafts WHERE trashed_at_ms < ?');
  const textsOf = ({ document, basis, origin }: DraftState) => ({
    document: JSON.stringify(document),
    basis: JSON.stringify(basis),
    origin: JSON.stringify(origin)
  });
  return {
    list: (): DraftSummary[] => list.all().map(summaryOf),
    find(id: string): DraftSummary | undefined {
      const row = one.get(id);
      return row && summaryOf(row);
    },
    state(id: string): DraftState | undefined {
      const row = state.get(id);
      return row && stateOf(row);
    },
    insert: (id: string, draft: DraftState, nowMs: number): void =>
      void insert.run({ id, ...draft, ...textsOf(draft), nowMs }),
    update: (id: string, draft: DraftState, nowMs: number): void =>
      void update.run({ id, ...draft, ...textsOf(draft), nowMs }),
    /** `atMs` null: out of the trash. False when there is no such draft. */
    trash: (id: string, atMs: number | null): boolean => trash.run(atMs, id).changes > 0,
    /** Only a draft that was never edited. */
    drop: (id: string): void => void drop.run(id),
    /** Only one that is in the trash. */
    delete: (id: string): void => void remove.run(id),
    emptyTrash: (beforeMs: number): void => void empty.run(beforeMs)
  };
}

const summaryOf = ({ basis, ...row }: SummaryRow): DraftSummary => ({ ...row, basis: JSON.parse(basis) as Basis });

const stateOf = ({ document, basis, origin, ...row }: StateRow): DraftState => ({
  ...row,
  document: JSON.parse(document) as DraftDocument,
  basis: JSON.parse(basis) as Basis,
  origin: JSON.parse(origin) as Experiment
});
