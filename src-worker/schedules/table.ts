import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { exponential } from './exponential.ts';
import { inverseTime } from './inverse-time.ts';
import { polynomial } from './polynomial.ts';
import { reduceOnPlateau } from './reduce-on-plateau.ts';
import type { ScheduleDefinition } from './schedule.ts';
import { step } from './step.ts';

/** Every schedule of the learning rate, by kind. */
export const schedules: Readonly<Record<string, ScheduleDefinition>> = Object.fromEntries(
  [constant, step, exponential, inverseTime, polynomial, cosine, reduceOnPlateau].map((definition) => [
    definition.kind,
    definition
  ])
);
