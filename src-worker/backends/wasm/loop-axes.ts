/** The axes that the elements of a formula are walked along, as few as the tensors allow. */
import { sizeOf, type Axes, type Grid, type MapOp, type ReduceOp } from '../../plan/program.ts';

export interface LoopAxis {
  /** Elements along it; where it is counted, times the number of examples of the call. */
  readonly length: number;
  readonly isCounted: boolean;
  /** How far apart neighbours lie in each tensor, in floats; 0 where its values repeat. */
  readonly strides: Readonly<Record<string, number>>;
}

/** One axis over everything: elements side by side in all tensors, as many as a call says. */
export const flatAxes = (tensors: readonly string[], isCounted = true, length = 1): LoopAxis[] => [
  { length, isCounted, strides: Object.fromEntries(tensors.map((name) => [name, 1])) }
];

/** The axes of an operation over the tensors it uses, outermost first. Along the last one every stride is 1 or 0. */
export function loopAxes({ grid, axes, tensors }: MapOp | ReduceOp, names: readonly string[]): LoopAxis[] {
  const isPerExample = names.some((name) => tensors[name]!.perExample);
  if (!grid) return flatAxes(names, isPerExample, sizeOf(tensors[names[0]!]!.shape));
  const strides = names.map((name) => [name, stridesOf(grid, axes[name] ?? 'pgk', tensors[name]!.perExample)] as const);
  const along = (axis: 'b' | 'p' | 'g' | 'k', length: number): LoopAxis => ({
    length,
    isCounted: axis === 'b',
    strides: Object.fromEntries(strides.map(([name, of]) => [name, of[axis]]))
  });
  const all = [
    ...(isPerExample ? [along('b', 1)] : []),
    along('p', grid.pixels),
    along('g', grid.groups),
    along('k', grid.members)
  ];
  const long = all.filter(({ length, isCounted }) => isCounted || length > 1);
  return merge(long.length > 0 ? long : all.slice(-1));
}

function stridesOf({ pixels, groups, members }: Grid, axes: Axes, perExample: boolean) {
  const [hasP, hasG, hasK] = [axes.includes('p'), axes.includes('g'), axes.includes('k')];
  const inner = hasK ? members : 1;
  const middle = hasG ? inner * groups : inner;
  const size = hasP ? middle * pixels : middle;
  return { b: perExample ? size : 0, p: hasP ? middle : 0, g: hasG ? inner : 0, k: hasK ? 1 : 0 };
}

/** Joins neighbours wherever every tensor goes on along the outer one where the inner one ends, or repeats along both. */
function merge(axes: readonly LoopAxis[]): LoopAxis[] {
  const merged: LoopAxis[] = [];
  for (const axis of axes) {
    const outer = merged.at(-1);
    const goesOn =
      outer && Object.entries(axis.strides).every(([name, stride]) => outer.strides[name] === stride * axis.length);
    if (goesOn) merged[merged.length - 1] = { ...axis, length: outer.length * axis.length, isCounted: outer.isCounted };
    else merged.push(axis);
  }
  return merged;
}
