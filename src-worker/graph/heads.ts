/** The outputs of a network: which nodes they are, and what judges them. */
import { headSchema, type HeadSpec, type TrainingSpec } from '../contract/experiment.ts';

/** The nodes that nothing follows, in the order of computation. */
export const endsOf = <T extends { readonly id: string; readonly from: readonly string[] }>(
  layers: readonly T[]
): T[] => {
  const followed = new Set(layers.flatMap(({ from }) => from));
  return layers.filter(({ id }) => !followed.has(id));
};

/** What an experiment says of its outputs. `Loss`: null where it could not be read. */
export interface Judging<Loss = TrainingSpec['loss']> {
  readonly loss: Loss;
  readonly heads: Readonly<Record<string, Omit<HeadSpec, 'loss'> & { readonly loss: Loss }>>;
}

/** What judges an end: its own head, or, for the only one, the loss of the experiment. */
export const headOf = <Loss>(
  { training: { loss, heads } }: { readonly training: Judging<Loss> },
  node: string
): Judging<Loss>['heads'][string] => (Object.hasOwn(heads, node) ? heads[node]! : { ...headSchema.parse({}), loss });
