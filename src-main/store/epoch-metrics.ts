import type { Database } from 'better-sqlite3';
import type { EpochEvent } from '../../src-worker/contract/run.ts';
import { columnsOf, metricsOf } from './metric-columns.ts';
import type { Sequenced } from './sequenced.ts';

interface EpochRow {
  seq: number;
  epoch: number;
  step: number;
  trainLoss: number | null;
  trainAccuracy: number | null;
  trainMore: string | null;
  hasDev: number;
  devLoss: number | null;
  devAccuracy: number | null;
  devMore: string | null;
  seconds: number;
}

export function epochMetricQueries(db: Database) {
  const insert = db.prepare<[EpochRow & { runId: number }]>(
    `INSERT INTO epoch_metrics (run_id, seq, epoch, step, train_loss, train_accuracy, train_more, has_dev, dev_loss, dev_accuracy,
       dev_more, seconds)
     VALUES (@runId, @seq, @epoch, @step, @trainLoss, @trainAccuracy, @trainMore, @hasDev, @devLoss, @devAccuracy, @devMore, @seconds)`
  );
  const ofRun = db.prepare<[number], EpochRow>(
    `SELECT seq, epoch, step, train_loss AS trainLoss, train_accuracy AS trainAccuracy, train_more AS trainMore,
            has_dev AS hasDev, dev_loss AS devLoss, dev_accuracy AS devAccuracy, dev_more AS devMore, seconds
     FROM epoch_metrics WHERE run_id = ? ORDER BY seq`
  );
  return {
    insert({ epoch, step, train, dev, seconds }: EpochEvent, runId: number, seq: number): void {
      const [trained, held] = [columnsOf(train), columnsOf(dev)];
      insert.run({
        runId,
        seq,
        epoch,
        step,
        trainLoss: trained.loss,
        trainAccuracy: trained.accuracy,
        trainMore: trained.more,
        hasDev: dev ? 1 : 0,
        devLoss: held.loss,
        devAccuracy: held.accuracy,
        devMore: held.more,
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
  train: metricsOf({ loss: row.trainLoss, accuracy: row.trainAccuracy, more: row.trainMore }),
  dev: row.hasDev ? metricsOf({ loss: row.devLoss, accuracy: row.devAccuracy, more: row.devMore }) : null,
  seconds: row.seconds
});
