import type { DatasetInfo } from '../contract/dataset.ts';
import { LabError } from '../contract/errors.ts';
import type { Experiment } from '../contract/experiment.ts';
import { makePlan } from '../plan/make-plan.ts';
import { bytesOf } from '../plan/size.ts';

/** Bytes that training takes at least, by its plan; also where that is more than can be had. Takes about as long as the whole check. */
export function memoryOf(experiment: Experiment, { shape, classes, values, trainCount }: DatasetInfo): number {
  try {
    return bytesOf(makePlan(experiment, { shape, classes: classes.length, values, examples: trainCount }));
  } catch (error) {
    if (error instanceof LabError && error.code === 'out_of_memory') return Number(error.details['neededBytes']);
    throw error;
  }
}
