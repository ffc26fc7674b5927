import type { Database } from 'better-sqlite3';
import type { EpochEvent } from '../../src-worker/contract/run.ts';
import { finite, type Sequenced } from './sequenced.ts';

interface EpochRow {
  seq: number;
  epoch: number;
  step: number;
  trainLoss: number | null;
  trainAccuracy: number | null;
  hasDev: number;
  devLoss: number | null;
  devAccuracy: number | null;
  seconds: number;
}

export function epochMetricQueries(db: Database) {
  const insert = db.prepare<[EpochRow & { runId: number }]>(
    `INSERT INTO epoch_metrics VALUES
     (@runId, @seq, @epoch, @step, @trainLoss, @trainAccuracy, @hasDev, @devLoss, @devAccuracy, @seconds)`
  );
  const ofRun = db.prepare<[number], EpochRow>(
    `SELECT seq, epoch, step, train_loss AS trainLoss, train_accuracy AS trainAccuracy, has_dev AS hasDev,
            dev_loss AS devLoss, dev_accuracy AS devAccuracy, seconds
     FROM epoch_metrics WHERE run_id = ? ORDER BY seq`
  );
  return {
    insert({ epoch, step, train, dev, seconds }: EpochEvent, runId: number, seq: number): void {
      insert.run({
        runId,
        seq,
        epoch,
        step,
        trainLoss: finite(train.loss),
        trainAccuracy: finite(train.accuracy),
        hasDev: dev ? 1 : 0,
        devLoss: finite(dev?.loss ?? null),
        devAccuracy: finite(dev?.accuracy ?? null),
        seconds
      });
    },
    ofRun: (runId: number): Sequenced[] => ofRun.all(runId).map((row) => ({ seq: row.seq, event: eventOf(row) }))
  };
}

const eventOf = (row: EpochRow): EpochEvent => ({
  type: 'epoch',
  epoch: row.epoch,
  step: row.step,
  train: { loss: row.trainLoss, accuracy: row.trainAccuracy },
  dev: row.hasDev ? { loss: row.devLoss, accuracy: row.devAccuracy } : null,
  seconds: row.seconds
});
