import type { Grid, ReduceKind } from '../../../plan/program.ts';
import { COLUMN, defineKernel, ROW, type KernelRule, type Reader } from '../kernel-text.ts';
import type { Value } from '../value.ts';
import { declareGrid, elementAt, lengthOf, longAxes, type AxisName, type Layout, type Operand } from './grid.ts';

/** What a stage adds up. */
export interface Terms {
  /** By argument name. */
  readonly reads: Readonly<Record<string, Value>>;
  /** Declarations and the term at (b, p, g, k). */
  write(
    read: Readonly<Record<string, Reader>>,
    element: (operand: Operand) => readonly [string, string]
  ): { readonly lines: readonly string[]; readonly term: string };
}

/** Which axes a stage adds up: those of the grid that its target lacks, and the examples where there are `examples`. */
export interface Stage {
  readonly kind: ReduceKind;
  readonly grid: Grid;
  readonly target: Layout;
  /** null: every example by itself, or none at all. */
  readonly examples: number | null;
}

/** The sum, or the largest, of the terms along all axes of the grid that the target lacks: one thread an output. */
export function reduce({ kind, grid, target, examples }: Stage, terms: Terms, previous: Value | null): KernelRule {
  const summed = longAxes(grid, 'pgk').filter((axis) => !target.axes.includes(axis));
  const loops: [string, number][] = [
    ...(examples === null ? [] : [['b', examples] as [string, number]]),
    ...summed.map((axis: AxisName): [string, number] => [axis, lengthOf(grid, axis)])
  ];
  return defineKernel({
    reads: { ...terms.reads, previous } as Record<string, Value | null>,
    output: target,
    body(read: Readonly<Record<string, Reader>>) {
      const { lines, term } = terms.write(read, (operand) => elementAt(grid, operand, examples === null ? ROW : 'b'));
      const before = previous ? `${read['previous']!(ROW, COLUMN)} + ` : '';
      const { text, result } = nest(kind, loops, { text: lines.join('\n'), result: term });
      return `${declareGrid(grid, target)}\n${text}\nreturn ${before}${result};`;
    }
  });
}

/** Terms that are added up on their own before they are added to the rest: rounding errors of long sums stay small. */
const BLOCK = 32;

interface Part {
  readonly text: string;
  readonly result: string;
}

/** One loop in another, each with a sum of its own. */
function nest(kind: ReduceKind, loops: readonly [string, number][], term: Part): Part {
  const [loop, ...inner] = loops;
  if (!loop) return term;
  const [name, length] = loop;
  const part = nest(kind, inner, term);
  if (length <= 2 * BLOCK || kind === 'max') return gather(kind, { name, length, within: `total_${name}` }, part);
  const blocks = Math.ceil(length / BLOCK);
  const within = gather(
    kind,
    { name: `${name}_near`, length: BLOCK, within: `near_${name}` },
    part,
    (text) => `const ${name} = ${name}_block * ${BLOCK} + ${name}_near;\nif (${name} < ${length}) {\n${text}\n}`
  );
  return gather(kind, { name: `${name}_block`, length: blocks, within: `total_${name}` }, within);
}

function gather(
  kind: ReduceKind,
  { name, length, within }: { name: string; length: number; within: string },
  { text, result }: Part,
  guard = (inside: string) => inside
): Part {
  const join = kind === 'sum' ? `${within} += ${result};` : `${within} = Math.max(${within}, ${result});`;
  return {
    text: `let ${within} = ${kind === 'sum' ? '0.0' : '-3.4e38'};
for (let ${name} = 0; ${name} < ${length}; ${name}++) {
${guard(`${text}\n${join}`)}
}`,
    result: within
  };
}
