import { heNormal, heUniform } from './he.ts';
import type { InitializerDefinition } from './initializer.ts';
import { normal } from './normal.ts';
import { xavierNormal, xavierUniform } from './xavier.ts';
import { zeros } from './zeros.ts';

/** Every rule for initial weights, by kind. */
export const initializers: Readonly<Record<string, InitializerDefinition>> = Object.fromEntries(
  [heNormal, heUniform, xavierNormal, xavierUniform, normal, zeros].map((definition) => [definition.kind, definition])
);
