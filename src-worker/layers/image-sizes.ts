import { sizeOf, type Shape } from '../plan/program.ts';

/** The values of an example as an image, as square as their number allows; a sequence [T, C] is one pixel wide. */
export function imageSizes(x: Shape): { height: number; width: number; channels: number } {
  if (x.length === 2) return { height: x[0]!, width: 1, channels: x[1]! };
  const values = sizeOf(x);
  let height = Math.floor(Math.sqrt(values));
  while (values % height !== 0) height--;
  return { height, width: values / height, channels: 1 };
}
