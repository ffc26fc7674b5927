/** The outputs of a network: which nodes they are, and what judges them. */
import { headSchema, type HeadSpec, type TrainingSpec } from '../contract/experiment.ts';

/** The nodes that nothing follows, in the order of computation. */
export const endsOf = <T extends { readonly id: string; readonly from: readonly string[] }>(
  layers: readonly T[]
): T[] => layers.filter(({ id }) => !layers.some(({ from }) => from.includes(id)));

/** What judges an end: its own head, or, for the only one, the loss of the experiment. */
export const headOf = (
  { training }: { readonly training: Pick<TrainingSpec, 'loss' | 'heads'> },
  node: string
): HeadSpec => training.heads[node] ?? headSchema.parse({ loss: training.loss });
