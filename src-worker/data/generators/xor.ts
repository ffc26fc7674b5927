import { definePoints, uniformBetween } from './generator.ts';

const EDGE = 5;
const PADDING = 0.3;

/**
 * Four squares, one in each quadrant; the class says whether x and y have the same sign.
 *
 *   |x|, |y| ~ U[0, 5) + 0.3;  the signs are equal in class 0, opposite in class 1;  both + U[−5, 5)·noise
 */
export const xor = definePoints({
  name: 'xor',
  title: 'Exclusive or',
  classes: ['same signs', 'opposite signs'],

  point(label, noise, random) {
    const signOfX = random.below(2) === 0 ? 1 : -1;
    const signOfY = label === 0 ? signOfX : -signOfX;
    const coordinate = (sign: number) =>
      sign * (uniformBetween(0, EDGE, random) + PADDING) + uniformBetween(-EDGE, EDGE, random) * noise;
    return [coordinate(signOfX), coordinate(signOfY)];
  }
});
