import { dense } from './dense.ts';
import { flatten } from './flatten.ts';
import { input } from './input.ts';
import type { LayerDefinition } from './layer.ts';
import { relu } from './relu.ts';
import { sigmoid } from './sigmoid.ts';
import { tanh } from './tanh.ts';

/** Every layer, by kind, in the order of the palette. */
export const layers: Readonly<Record<string, LayerDefinition>> = Object.fromEntries(
  [input, flatten, dense, relu, sigmoid, tanh].map((definition) => [definition.kind, definition])
);
