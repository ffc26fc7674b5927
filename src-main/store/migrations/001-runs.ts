/**
 * Experiments, runs and everything measured in them.
 *
 * What happened in a run is spread over `epoch_metrics`, `step_metrics` and `events` by kind; `seq` counts through all three and puts
 * it back in order. The columns of `runs` from `status` on are a summary kept up to date by each append, so that the history is read
 * from this one table.
 */
export const runs = `
CREATE TABLE experiments (
  id            INTEGER PRIMARY KEY,
  digest        BLOB NOT NULL UNIQUE, -- SHA-256 of spec: the same experiment run twice is kept once
  name          TEXT NOT NULL,
  version       INTEGER NOT NULL,
  spec          TEXT NOT NULL CHECK (json_valid(spec)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
  id                  INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment_id       INTEGER NOT NULL REFERENCES experiments (id),
  owner_pid           INTEGER NOT NULL,
  owner_token         TEXT NOT NULL,
  revision            INTEGER NOT NULL, -- of the whole table, raised by every change of a run
  next_seq            INTEGER NOT NULL DEFAULT 1,
  last_batch          BLOB, -- SHA-256 of the events appended last: a caller whose answer was lost sends them again
  steps_done          INTEGER NOT NULL DEFAULT 0,
  updated_at_ms       INTEGER NOT NULL,
  status              TEXT NOT NULL CHECK
    (status IN ('running', 'paused', 'completed', 'stopped', 'diverged', 'failed', 'interrupted')),
  name                TEXT NOT NULL,
  dataset             TEXT NOT NULL,
  backend             TEXT,
  optimizer           TEXT NOT NULL,
  learning_rate       REAL,
  parameters          INTEGER,
  started_at_ms       INTEGER NOT NULL,
  ended_at_ms         INTEGER,
  seconds             REAL NOT NULL DEFAULT 0,
  epochs              INTEGER NOT NULL,
  epochs_done         INTEGER NOT NULL DEFAULT 0,
  last_train_loss     REAL,
  last_train_accuracy REAL,
  last_has_dev        INTEGER NOT NULL DEFAULT 0,
  last_dev_loss       REAL,
  last_dev_accuracy   REAL,
  best_epoch          INTEGER,
  best_train_loss     REAL,
  best_train_accuracy REAL,
  best_has_dev        INTEGER NOT NULL DEFAULT 0,
  best_dev_loss       REAL,
  best_dev_accuracy   REAL,
  has_test            INTEGER NOT NULL DEFAULT 0,
  test_loss           REAL,
  test_accuracy       REAL
) STRICT;
CREATE UNIQUE INDEX runs_by_revision ON runs (revision);
CREATE INDEX runs_not_ended ON runs (status) WHERE status IN ('running', 'paused');
CREATE INDEX runs_by_experiment ON runs (experiment_id);

CREATE TABLE epoch_metrics (
  run_id         INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq            INTEGER NOT NULL,
  epoch          INTEGER NOT NULL,
  step           INTEGER NOT NULL,
  train_loss     REAL,
  train_accuracy REAL,
  has_dev        INTEGER NOT NULL,
  dev_loss       REAL,
  dev_accuracy   REAL,
  seconds        REAL NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE step_metrics (
  run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq        INTEGER NOT NULL,
  first_step INTEGER NOT NULL,
  steps      INTEGER NOT NULL,
  seconds    REAL NOT NULL,
  loss       BLOB NOT NULL, -- see series.ts
  accuracy   BLOB NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT;

CREATE TABLE events (
  run_id  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq     INTEGER NOT NULL,
  at_ms   INTEGER NOT NULL,
  type    TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
`;
