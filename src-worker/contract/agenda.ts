/** What is done to a run while it trains, and when: by a person, by `--at`, or by the record of a run that is done again. */
import { z } from 'zod';

const changeAct = z.object({
  kind: z.literal('change'),
  /** As in contract/paths.ts: `training.optimizer.learningRate`. */
  path: z.string().min(1).max(300),
  value: z.json()
});
/** Back to the state after `to` steps of branch `line`; see `back` in run.ts. */
const backAct = z.object({
  kind: z.literal('back'),
  to: z.int().min(0),
  line: z.int().min(0),
  checkpoint: z.int().min(1)
});
const pauseAct = z.object({ kind: z.literal('pause') });
const stopAct = z.object({ kind: z.literal('stop') });
const checkpointAct = z.object({ kind: z.literal('checkpoint') });

export const actSchema = z.discriminatedUnion('kind', [changeAct, backAct, pauseAct, stopAct, checkpointAct]);
export type Act = z.infer<typeof actSchema>;
export type ChangeAct = z.infer<typeof changeAct>;

/**
 * `step`: when so many steps are done. `epoch`: when this epoch, from 1, begins. Neither: as soon as it can be, which for some settings is
 * the beginning of the next epoch (graph/live-settings.ts).
 */
export const appointmentSchema = z.object({
  step: z.int().min(0).optional(),
  epoch: z.int().min(1).optional(),
  act: actSchema
});
export type Appointment = z.infer<typeof appointmentSchema>;
