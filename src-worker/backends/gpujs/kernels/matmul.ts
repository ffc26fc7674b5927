import type { MatmulOp } from '../../../plan/program.ts';
import { COLUMN, defineKernel, ROW, type KernelRule } from '../kernel-text.ts';
import type { Extent, Value } from '../value.ts';

/** Terms of one turn of the loop, each into a sum of its own: the turns cost as much as the products, and four short sums round less. */
const UNROLLED = 4;

/**
 * y = op(a)·op(b) [+ bias] [+ y]: one thread an output, the sum in a loop. A kernel of a pipeline writes a single number, so no thread can
 * compute a block of outputs.
 *
 * Shapes: y (M, N); a (M, K), or (K, M) in `TN`; b (K, N), or (N, K) in `NT`; bias (1, N).
 */
export function matmul(
  form: MatmulOp['form'],
  output: Extent,
  reads: { a: Value; b: Value; bias: Value | null; y: Value | null }
): KernelRule {
  const terms = form === 'TN' ? reads.a.rows : reads.a.columns;
  const turns = Math.floor(terms / UNROLLED);
  const sums = Array.from({ length: UNROLLED }, (_, lane) => `sum${lane}`);
  const rest = Array.from({ length: terms - turns * UNROLLED }, (_, lane) => turns * UNROLLED + lane);
  return defineKernel({
    reads,
    output,
    body: (read) => {
      const left = (k: string) => (form === 'TN' ? read.a(k, ROW) : read.a(ROW, k));
      const right = (k: string) => (form === 'NT' ? read.b(COLUMN, k) : read.b(k, COLUMN));
      const add = (sum: string, k: string) => `${sum} += ${left(k)} * ${right(k)};`;
      return `
  ${sums.map((sum) => `let ${sum} = 0.0;`).join('\n  ')}
  for (let turn = 0; turn < ${turns}; turn++) {
    const k = turn * ${UNROLLED};
    ${sums.map((sum, lane) => add(sum, lane === 0 ? 'k' : `k + ${lane}`)).join('\n    ')}
  }
  ${rest.map((k, lane) => add(sums[lane]!, String(k))).join('\n  ')}
  return ${sums.join(' + ')}${reads.bias ? ` + ${read.bias('0', COLUMN)}` : ''}${reads.y ? ` + ${read.y(ROW, COLUMN)}` : ''};`;
    }
  });
}
