import type { Experiment } from '../contract/experiment.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { PreparedData } from './prepare-data.ts';

/** Throws: as makePlan. */
export function planFor(experiment: Experiment, { info, splits }: Pick<PreparedData, 'info' | 'splits'>): Plan {
  const { shape, classes, values } = info;
  return makePlan(experiment, { shape, classes: classes.length, values, examples: splits.train.length });
}
