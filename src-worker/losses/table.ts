import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { crossEntropy } from './cross-entropy.ts';
import { huber } from './huber.ts';
import type { LossDefinition } from './loss.ts';
import { mae } from './mae.ts';
import { mse } from './mse.ts';

/** Every loss, by kind. */
export const losses: Readonly<Record<string, LossDefinition>> = Object.fromEntries(
  [crossEntropy, binaryCrossEntropy, mse, mae, huber].map((definition) => [definition.kind, definition])
);
