/** Units that have stopped to answer, of layers where that can be. */

/**
 * Where the slope of a sigmoid y is below 1/20 of its largest, 4·y·(1 − y) < 1/20, and the same of tanh, 1 − y² < 1/20. Both are one
 * curve, tanh(x/2) = 2·σ(x) − 1, so this is at the same place of it.
 */
const EDGE = Math.sqrt(1 - 1 / 20);

/** null for layers that do not saturate. Shapes: any. */
export function saturatedShare(kind: string, y: ArrayLike<number>): number | null {
  if (kind !== 'sigmoid' && kind !== 'tanh') return null;
  const [scale, shift] = kind === 'sigmoid' ? [2, -1] : [1, 0];
  let count = 0;
  for (let i = 0; i < y.length; i++) if (Math.abs(scale * y[i]! + shift) > EDGE) count++;
  return y.length === 0 ? 0 : count / y.length;
}

/** How many units are 0 for every example, at every pixel. Shapes: y (…, units), as relu gives it. */
export function stillUnits(y: ArrayLike<number>, units: number): { count: number; dead: number } {
  const answers = new Uint8Array(units);
  for (let at = 0; at < y.length; at += units)
    for (let unit = 0; unit < units; unit++) if (y[at + unit] !== 0) answers[unit] = 1;
  return { count: units, dead: answers.reduce((dead, answer) => dead + (1 - answer), 0) };
}
