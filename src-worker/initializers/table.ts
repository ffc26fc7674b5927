import { constant } from './constant.ts';
import { heNormal, heUniform } from './he.ts';
import { identity } from './identity.ts';
import type { InitializerDefinition } from './initializer.ts';
import { lecunNormal, lecunUniform } from './lecun.ts';
import { normal } from './normal.ts';
import { orthogonal } from './orthogonal.ts';
import { xavierNormal, xavierUniform } from './xavier.ts';
import { zeros } from './zeros.ts';

/** Every rule for initial weights, by kind. */
export const initializers: Readonly<Record<string, InitializerDefinition>> = Object.fromEntries(
  [
    heNormal,
    heUniform,
    xavierNormal,
    xavierUniform,
    lecunNormal,
    lecunUniform,
    orthogonal,
    identity,
    normal,
    constant,
    zeros
  ].map((definition) => [definition.kind, definition])
);
