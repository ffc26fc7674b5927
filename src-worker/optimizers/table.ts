import { adam } from './adam.ts';
import { momentum } from './momentum.ts';
import type { OptimizerDefinition } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** Every optimizer, by kind. */
export const optimizers: Readonly<Record<string, OptimizerDefinition>> = Object.fromEntries(
  [sgd, momentum, adam].map((definition) => [definition.kind, definition])
);
