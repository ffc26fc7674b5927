/**
 * Where an element of a grid (see plan/program.ts) lies in each tensor of a formula, as source text.
 *
 * Names: b is an example; p, g, k are pixel, group and member. They are declared once in a kernel, by `declareGrid` or by a loop.
 */
import { LabError } from '../../../contract/errors.ts';
import type { Axes, Grid } from '../../../plan/program.ts';
import { COLUMN, ROW } from '../kernel-text.ts';
import type { Extent, Value } from '../value.ts';
import { checkDivided, quotient } from './windows.ts';

export type AxisName = 'p' | 'g' | 'k';

/** A tensor of a formula, or what its kernel writes. */
export interface Layout extends Extent {
  readonly axes: Axes;
  readonly perExample: boolean;
}
export interface Operand extends Layout {
  readonly value: Value;
}

export const lengthOf = ({ pixels, groups, members }: Grid, axis: AxisName): number =>
  ({ p: pixels, g: groups, k: members })[axis];

/** Axes with more than one place, in order: along the others there is nothing to find. */
export const longAxes = (grid: Grid, axes: Axes): AxisName[] =>
  ([...axes] as AxisName[]).filter((axis) => lengthOf(grid, axis) > 1);

const sizeOf = (grid: Grid, axes: readonly AxisName[]): number =>
  axes.reduce((product, axis) => product * lengthOf(grid, axis), 1);

/** Row and column of the element at (b, p, g, k). */
export function elementAt(grid: Grid, { axes, perExample, rows, columns }: Layout, example: string): [string, string] {
  const all = longAxes(grid, axes);
  if (perExample) return [example, flat(grid, all)];
  const cut = cutOf(grid, all, columns);
  if (cut !== null) return [flat(grid, all.slice(0, cut)), flat(grid, all.slice(cut))];
  checkDivided('a tensor that is stretched', rows * columns);
  const row = quotient(`(${flat(grid, all)})`, columns);
  return [row, `${flat(grid, all)} - ${row} * ${columns}`];
}

/** Declares p, g and k of the element that the thread computes, as far as its layout has them. */
export function declareGrid(grid: Grid, { axes, perExample, rows, columns }: Layout): string {
  const all = longAxes(grid, axes);
  if (sizeOf(grid, all) !== (perExample ? columns : rows * columns))
    throw new LabError(
      'internal',
      `A target of ${rows}×${columns} values does not have the axes “${axes}” of its grid.`
    );
  const cut = perExample ? 0 : cutOf(grid, all, columns);
  if (cut !== null)
    return [...takeApart(grid, all.slice(0, cut), ROW), ...takeApart(grid, all.slice(cut), COLUMN)].join('\n');
  return [`const place = ${ROW} * ${columns} + ${COLUMN};`, ...takeApart(grid, all, 'place')].join('\n');
}

/** The thread's own element, where a tensor lies in memory as what the kernel writes does. */
export const isAligned = (grid: Grid, a: Layout, b: Layout): boolean =>
  a.perExample === b.perExample &&
  a.rows === b.rows &&
  a.columns === b.columns &&
  longAxes(grid, a.axes).join('') === longAxes(grid, b.axes).join('');

/** How many of the axes make up the row of a matrix with so many columns; null where a row ends amid an axis. */
function cutOf(grid: Grid, axes: readonly AxisName[], columns: number): number | null {
  const cuts = Array.from({ length: axes.length + 1 }, (_, cut) => cut);
  return cuts.find((cut) => sizeOf(grid, axes.slice(cut)) === columns) ?? null;
}

const flat = (grid: Grid, axes: readonly AxisName[]): string =>
  axes.reduce((text, axis) => (text === '' ? axis : `(${text}) * ${lengthOf(grid, axis)} + ${axis}`), '') || '0';

function takeApart(grid: Grid, axes: readonly AxisName[], place: string): string[] {
  const [axis, ...inner] = axes;
  if (!axis) return [];
  if (inner.length === 0) return [`const ${axis} = ${place};`];
  checkDivided('what is stretched over a grid', sizeOf(grid, axes));
  const size = sizeOf(grid, inner);
  return [
    `const ${axis} = ${quotient(place, size)};`,
    `const behind_${axis} = ${place} - ${axis} * ${size};`,
    ...takeApart(grid, inner, `behind_${axis}`)
  ];
}
