/** `1e-3`, `0,001` and ` 0.001 ` as a number; anything else as it was typed. */
export function readNumber(text: string): number | string {
  const plain = text
    .trim()
    .replace(',', '.')
    .replace(/[\s\u2212]/g, (found) => (found === '\u2212' ? '-' : ''));
  const value = plain === '' ? NaN : Number(plain);
  return Number.isFinite(value) ? value : text;
}

/** A list parted by commas, semicolons or spaces; a part that is no number stays as it was typed. */
export const readNumbers = (text: string): (number | string)[] =>
  text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(readNumber);

const MANTISSAS = [1, 3, 10];

/** The next value up or down: by 1, or along 1, 3, 10, 30 … on a log scale; integers that are powers of two double and halve. */
export function stepNumber(value: number, direction: 1 | -1, scale: 'linear' | 'log', integer: boolean): number {
  if (integer && scale === 'log') return Math.max(1, Math.round(value * (direction > 0 ? 2 : 0.5)));
  if (scale === 'linear' || value <= 0) return Number((value + direction * (integer ? 1 : 0.1)).toPrecision(6));
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const steps = [exponent - 1, exponent]
    .flatMap((e) => MANTISSAS.slice(0, 2).map((m) => m * 10 ** e))
    .concat(10 ** (exponent + 1));
  const near = (candidate: number) => Math.abs(candidate / value - 1) < 1e-6;
  const next =
    direction > 0
      ? steps.find((candidate) => candidate > value && !near(candidate))
      : steps.findLast((candidate) => candidate < value && !near(candidate));
  return Number((next ?? value).toPrecision(6));
}
