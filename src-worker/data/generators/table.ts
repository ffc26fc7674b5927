/** The sets that the lab can make on the spot. A new one is one file and one line here. */
import { circles } from './circles.ts';
import { gauss } from './gauss.ts';
import type { Generator } from './generator.ts';
import { moons } from './moons.ts';
import { plane } from './plane.ts';
import { shapes } from './shapes.ts';
import { spiral } from './spiral.ts';
import { xor } from './xor.ts';

export const generators: Readonly<Record<string, Generator>> = { circles, xor, gauss, spiral, moons, plane, shapes };
