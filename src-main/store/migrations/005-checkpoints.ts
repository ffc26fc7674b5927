/** States from which runs go on, and the run from whose checkpoint a run began. */
export const checkpoints = `
CREATE TABLE checkpoints (
  run_id  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  number  INTEGER NOT NULL,
  step    INTEGER NOT NULL,
  epoch   INTEGER NOT NULL,
  line    INTEGER NOT NULL,
  changes INTEGER NOT NULL,
  why     TEXT NOT NULL CHECK (why IN ('time', 'best', 'hand', 'back', 'end')),
  seconds REAL NOT NULL,
  at_ms   INTEGER NOT NULL,
  bytes   INTEGER NOT NULL,
  state   BLOB NOT NULL, -- see train/run-state.ts; last, so that the rest is read without it
  PRIMARY KEY (run_id, number)
) STRICT;

ALTER TABLE runs ADD COLUMN parent_run_id INTEGER REFERENCES runs (id);
ALTER TABLE runs ADD COLUMN parent_checkpoint INTEGER; -- NULL where it began with first weights of its own
`;
