/** What may go wrong while a network learns, as it is found in what a run shows of itself. */
import { z } from 'zod';

/** In the order in which they are told. */
export const healthRuleIds = [
  'diverged',
  'exploding-gradients',
  'vanishing-gradients',
  'dead-relu',
  'saturation',
  'large-updates',
  'small-updates',
  'loss-rising',
  'no-learning',
  'overfitting'
] as const;
export type HealthRuleId = (typeof healthRuleIds)[number];

export const healthEventSchema = z.object({
  type: z.literal('health'),
  rule: z.enum(healthRuleIds),
  /** The layer where it shows; null where it is of the whole network. */
  node: z.string().nullable(),
  /** Steps done when it was found. */
  step: z.int().min(0),
  /** What the rule's words leave open. */
  values: z.record(z.string(), z.union([z.number(), z.string()]))
});
export type HealthEvent = z.infer<typeof healthEventSchema>;
