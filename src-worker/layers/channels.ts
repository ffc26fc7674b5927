import { sizeOf, type Grid, type Shape } from '../plan/program.ts';

/** Pixels × channels of an example: an image [H, W, C] has H·W pixels, a sequence [T, D] has T, a row of values one. */
export const channelsOf = (x: Shape): Grid => ({ pixels: sizeOf(x) / x.at(-1)!, groups: 1, members: x.at(-1)! });
