import { formulaText } from '../formula-text.ts';
import { COLUMN, defineKernel, PLANE, ROW, type KernelRule, type Reader } from '../kernel-text.ts';
import type { PlacedRule } from '../update-numbers.ts';
import type { Value } from '../value.ts';

/**
 * The optimizer's step of one parameter: its value and the optimizer's states are the planes of one buffer, so that a parameter takes
 * one kernel, one upload and one download, however many states there are.
 *
 * `numbers`: those of the step, see update-numbers.ts.
 */
export function update(
  { folded, at }: PlacedRule,
  planes: readonly string[],
  reads: { stack: readonly Value[]; gradient: Value; numbers: Value }
): KernelRule {
  const states = Object.fromEntries(
    planes.map((name, plane): [string, Value] => [`${name}_array`, reads.stack[plane]!])
  );
  const { rows, columns } = reads.stack[0]!;
  return defineKernel({
    reads: { ...states, gradient_array: reads.gradient, numbers: reads.numbers } as Record<string, Value>,
    output: { rows, columns, planes: planes.length },
    body(read: Readonly<Record<string, Reader>>) {
      const element = (name: string) => read[`${name}_array`]!(ROW, COLUMN);
      const written = planes.filter((name) => folded.statements.some(({ target }) => target === name));
      const { lines, results } = formulaText(folded, written, {
        tensor: element,
        uniform: (index) => read['numbers']!('0', String(at + index))
      });
      const choose = planes.map((name, plane) => {
        const next = results.get(name);
        const value = next ? `moves > 0.5 ? ${next} : ${element(name)}` : element(name);
        return `if (${PLANE} == ${plane}) {\nreturn ${value};\n}`;
      });
      return [`const moves = ${read['numbers']!('0', '0')};`, ...lines, ...choose, 'return 0.0;'].join('\n');
    }
  });
}

/** A stack whose first plane is `value`, in steps that move. Shapes: value (rows, columns); stack and result one plane an arena. */
export function withParameter(planes: number, reads: { stack: Value; value: Value; numbers: Value }): KernelRule {
  const { rows, columns } = reads.stack;
  return defineKernel({
    reads,
    output: { rows, columns, planes },
    body: ({ stack, value, numbers }) => `
  if (${PLANE} == 0 && ${numbers('0', '0')} > 0.5) {
    return ${value(ROW, COLUMN)};
  }
  return ${stack(ROW, COLUMN)};`
  });
}
