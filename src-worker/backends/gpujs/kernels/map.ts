import { evaluateUniform, foldFormula } from '../../../formula/fold.ts';
import type { MapOp } from '../../../plan/program.ts';
import { formulaText } from '../formula-text.ts';
import { COLUMN, defineKernel, numberText, ROW, type KernelRule, type Reader } from '../kernel-text.ts';
import type { Extent, Value } from '../value.ts';

/**
 * One target of an elementwise formula. A formula with several targets is as many kernels, each computing again what it needs of the
 * others: a kernel has one output.
 */
export function map(
  { formula, tensors, constants }: MapOp,
  target: string,
  output: Extent,
  operands: { values: Readonly<Record<string, Value>>; previous: Value | null }
): KernelRule {
  const folded = foldFormula(formula, (name) => name in tensors);
  const numbers = folded.uniforms.map((part) => numberText(evaluateUniform(part, constants)));
  const write = (read: (name: string) => string) =>
    formulaText(folded, [target], { tensor: read, uniform: (index) => numbers[index]! });
  const used = new Set<string>();
  write((name) => (used.add(name), name));
  const argument = (name: string) => `${name}_array`;
  const reads = Object.fromEntries(
    [...used].map((name): [string, Value | null] => [argument(name), operands.values[name]!])
  );
  return defineKernel({
    reads: { ...reads, previous: operands.previous },
    output,
    body(read: Readonly<Record<string, Reader>>) {
      const { lines, results } = write((name) => read[argument(name)]!(ROW, COLUMN));
      const before = operands.previous ? `${read['previous']!(ROW, COLUMN)} + ` : '';
      return [...lines, `return ${before}${results.get(target)};`].join('\n');
    }
  });
}
