import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Experiment } from '../../src-worker/contract/experiment.ts';

interface ExperimentRow {
  digest: Buffer;
  name: string;
  version: number;
  spec: string;
  nowMs: number;
}

export function experimentQueries(db: Database) {
  const insert = db.prepare<[ExperimentRow]>(
    `INSERT INTO experiments (digest, name, version, spec, created_at_ms)
     VALUES (@digest, @name, @version, @spec, @nowMs) ON CONFLICT (digest) DO NOTHING`
  );
  const byDigest = db.prepare<[Buffer], number>('SELECT id FROM experiments WHERE digest = ?').pluck();
  const specOfRun = db
    .prepare<[number], string>('SELECT spec FROM experiments WHERE id = (SELECT experiment_id FROM runs WHERE id = ?)')
    .pluck();
  return {
    /** The id of the experiment; one that is already known keeps its own. */
    keep(experiment: Experiment, nowMs: number): number {
      const spec = JSON.stringify(experiment);
      const digest = createHash('sha256').update(spec).digest();
      insert.run({ digest, name: experiment.name, version: experiment.version, spec, nowMs });
      return byDigest.get(digest)!;
    },
    ofRun: (runId: number): Experiment => JSON.parse(specOfRun.get(runId)!) as Experiment
  };
}
