import { evaluateUniform, foldFormula } from '../../../formula/fold.ts';
import type { Grid, MapOp, ReduceOp } from '../../../plan/program.ts';
import { formulaText, type FormulaText } from '../formula-text.ts';
import { COLUMN, defineKernel, numberText, ROW, type KernelRule, type Reader } from '../kernel-text.ts';
import type { Value } from '../value.ts';
import { declareGrid, elementAt, isAligned, type Layout, type Operand } from './grid.ts';

/** One target of a formula, and the tensors that it depends on. */
export interface TargetText {
  /** By argument name. */
  readonly reads: Readonly<Record<string, Value>>;
  readonly operands: readonly Operand[];
  /** `element`: row and column of an operand's element. */
  write(read: Readonly<Record<string, Reader>>, element: (operand: Operand) => readonly [string, string]): FormulaText;
}

export function targetText(
  { formula, tensors, constants }: MapOp | ReduceOp,
  target: string,
  operands: Readonly<Record<string, Operand>>
): TargetText {
  const folded = foldFormula(formula, (name) => name in tensors);
  const numbers = folded.uniforms.map((part) => numberText(evaluateUniform(part, constants)));
  const write = (read: (name: string) => string) =>
    formulaText(folded, [target], { tensor: read, uniform: (index) => numbers[index]! });
  const used = new Set<string>();
  write((name) => (used.add(name), name));
  const argument = (name: string) => `${name}_array`;
  return {
    reads: Object.fromEntries([...used].map((name) => [argument(name), operands[name]!.value])),
    operands: [...used].map((name) => operands[name]!),
    write: (read, element) => write((name) => read[argument(name)]!(...element(operands[name]!)))
  };
}

/**
 * One target of an elementwise formula. A formula with several targets is as many kernels, each computing again what it needs of the
 * others: a kernel has one output.
 */
export function map(
  grid: Grid,
  target: { readonly name: string; readonly layout: Layout; readonly previous: Value | null },
  { reads, operands, write }: TargetText
): KernelRule {
  const { name, layout, previous } = target;
  return defineKernel({
    reads: { ...reads, previous } as Record<string, Value | null>,
    output: layout,
    body(read: Readonly<Record<string, Reader>>) {
      const { lines, results } = write(read, (operand) =>
        isAligned(grid, operand, layout) ? [ROW, COLUMN] : elementAt(grid, operand, ROW)
      );
      const place = operands.every((operand) => isAligned(grid, operand, layout)) ? [] : [declareGrid(grid, layout)];
      const before = previous ? `${read['previous']!(ROW, COLUMN)} + ` : '';
      return [...place, ...lines, `return ${before}${results.get(name)};`].join('\n');
    }
  });
}
