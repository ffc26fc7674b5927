import type { FoldedFormula } from '../../../formula/fold.ts';
import { formulaText } from '../formula-text.ts';
import { COLUMN, defineKernel, PLANE, ROW, type KernelRule, type Reader } from '../kernel-text.ts';
import type { Value } from '../value.ts';

/**
 * The optimizer's step of one parameter: its value and the optimizer's states are the planes of one buffer, so that a parameter takes
 * one kernel, one upload and one download, however many states there are.
 *
 * `numbers` (1, 1 + uniforms) holds, for the step, 1 or 0 (leave everything as it is) and then the uniforms of the rule.
 */
export function update(
  rule: FoldedFormula,
  planes: readonly string[],
  reads: { stack: readonly Value[]; g: Value; numbers: Value }
): KernelRule {
  const states = Object.fromEntries(
    planes.map((name, plane): [string, Value] => [`${name}_array`, reads.stack[plane]!])
  );
  const { rows, columns } = reads.g;
  return defineKernel({
    reads: { ...states, g_array: reads.g, numbers: reads.numbers } as Record<string, Value>,
    output: { rows, columns, planes: planes.length },
    body(read: Readonly<Record<string, Reader>>) {
      const element = (name: string) => read[`${name}_array`]!(ROW, COLUMN);
      const { lines, results } = formulaText(rule, planes, {
        tensor: element,
        uniform: (index) => read['numbers']!('0', String(index + 1))
      });
      const choose = planes.map(
        (name, plane) => `if (${PLANE} == ${plane}) {\nreturn moves > 0.5 ? ${results.get(name)} : ${element(name)};\n}`
      );
      return [`const moves = ${read['numbers']!('0', '0')};`, ...lines, ...choose, 'return 0.0;'].join('\n');
    }
  });
}
