/** How the values of a tensor lie: enough to draw them and to see whether they vanish, explode or are exactly 0. */
import { z } from 'zod';

/** null: not finite. */
const value = z.number().nullable();

export const distributionSchema = z.object({
  count: z.int().min(0),
  /** Share of the values that are exactly 0. */
  zeros: z.number().min(0).max(1),
  mean: value,
  /** Standard deviation, over all values. */
  sd: value,
  /** The largest absolute value. */
  limit: value,
  /** Counts in bins of equal width from −limit to limit, an odd number of them: the middle one has 0 at its middle. Empty: not finite. */
  histogram: z.array(z.int().min(0))
});
export type Distribution = z.infer<typeof distributionSchema>;
