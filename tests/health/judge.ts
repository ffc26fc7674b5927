import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import type { HealthEvent } from '../../src-worker/contract/health.ts';
import { applyPatch } from '../../src-worker/contract/json-patch.ts';
import type { EpochEvent } from '../../src-worker/contract/run.ts';
import { remediesOf } from '../../src-worker/health/remedies.ts';
import { HealthWatch } from '../../src-worker/health/watch.ts';
import type { HealthCase } from './case.ts';
import { record, type RecordedRun } from './record.ts';
import { datasetOf } from './sets.ts';

/** A planted fault is to be found within so many epochs of its beginning. */
const EPOCHS = 2;

export interface Judged {
  readonly one: HealthCase;
  readonly run: RecordedRun;
  readonly findings: readonly HealthEvent[];
  /** Of a fault: one of its rules has found it in time. Of a healthy run: nothing was found. */
  readonly isRight: boolean;
}

export async function judge(one: HealthCase): Promise<Judged> {
  const run = await record(one);
  const watch = new HealthWatch(run);
  const findings = run.events.flatMap((event) => watch.hear(event));
  const lastStep = (onsetOf(one, run) + EPOCHS) * run.stepsPerEpoch;
  const inTime = findings.some(({ rule, step }) => one.found.includes(rule) && step <= lastStep);
  return { one, run, findings, isRight: one.fault === null ? findings.length === 0 : inTime };
}

/**
 * Epochs before the fault shows: 0, but for overfitting. That begins with the first epoch from which on the loss on dev stays more than
 * 5 % above its least: Prechelt's GL₅ for good.
 */
function onsetOf({ found }: HealthCase, { events }: RecordedRun): number {
  if (!found.includes('overfitting')) return 0;
  let least = Infinity;
  const isAbove = events
    .filter((event): event is EpochEvent => event.type === 'epoch')
    .map(({ dev }) => {
      const loss = dev?.loss ?? Infinity;
      least = Math.min(least, loss);
      return loss > 1.05 * least;
    });
  return isAbove.lastIndexOf(false) + 2;
}

/** Whether the first remedy of the first right finding makes the fault go away; null where the fault is not in the experiment. */
export async function isHealed({ one, run, findings }: Judged): Promise<boolean | null> {
  const finding = findings.find(({ rule }) => one.found.includes(rule));
  if (!finding || one.plant) return null;
  const [remedy] = remediesOf(finding, run.experiment, [await infoOf(one)]);
  if (!remedy) return false;
  const again = await judge({ ...one, spec: applyPatch(run.experiment, remedy.patch) });
  return !again.findings.some(({ rule }) => rule === finding.rule);
}

export const infoOf = async ({ spec }: HealthCase): Promise<DatasetInfo> => (await datasetOf(spec)).info;
