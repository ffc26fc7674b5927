import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamax } from './adamax.ts';
import { adamw } from './adamw.ts';
import { momentum } from './momentum.ts';
import { nadam } from './nadam.ts';
import { nesterov } from './nesterov.ts';
import type { OptimizerDefinition } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** Every optimizer, by kind. */
export const optimizers: Readonly<Record<string, OptimizerDefinition>> = Object.fromEntries(
  [sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw, nadam, adamax].map((definition) => [
    definition.kind,
    definition
  ])
);
