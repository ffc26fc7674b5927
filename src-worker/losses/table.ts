import { crossEntropy } from './cross-entropy.ts';
import type { LossDefinition } from './loss.ts';

/** Every loss, by kind. */
export const losses: Readonly<Record<string, LossDefinition>> = Object.fromEntries(
  [crossEntropy].map((definition) => [definition.kind, definition])
);
