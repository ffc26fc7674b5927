/**
 * Experiments while they are being built, every edit of them, and parts of networks kept to be used again.
 *
 * `document` is a draft after the first `at` of its edits; those behind were undone and can be done again.
 */
export const drafts = `
CREATE TABLE drafts (
  id            TEXT PRIMARY KEY, -- made by the page, as revision is
  revision      TEXT NOT NULL, -- of the newest state: whoever saves must know it
  document      TEXT NOT NULL CHECK (json_valid(document)),
  edits         INTEGER NOT NULL,
  at            INTEGER NOT NULL CHECK (at BETWEEN 0 AND edits),
  basis         TEXT NOT NULL CHECK (json_valid(basis)),
  origin        TEXT NOT NULL CHECK (json_valid(origin)), -- the experiment as it was taken from the basis
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  trashed_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE draft_edits (
  draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,
  edit     TEXT NOT NULL CHECK (json_valid(edit)),
  PRIMARY KEY (draft_id, seq)
) STRICT;

CREATE TABLE blocks (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL,
  part          TEXT NOT NULL CHECK (json_valid(part)),
  created_at_ms INTEGER NOT NULL,
  trashed_at_ms INTEGER
) STRICT;
`;
