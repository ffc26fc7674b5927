import type { MatmulOp } from '../../../plan/program.ts';
import { COLUMN, defineKernel, ROW, type KernelRule, type Reader } from '../kernel-text.ts';
import type { Extent, Value } from '../value.ts';

/**
 * y = op(a)·op(b) [+ bias] [+ y]: one thread an output, the sum in a loop.
 *
 * Shapes: y (M, N); a (M, K), or (K, M) in `TN`; b (K, N), or (N, K) in `NT`; bias (1, N).
 */
export function matmul(
  form: MatmulOp['form'],
  output: Extent,
  reads: { a: Value; b: Value; bias: Value | null; y: Value | null }
): KernelRule {
  const terms = form === 'TN' ? reads.a.rows : reads.a.columns;
  const left = ({ a }: { a: Reader }) => (form === 'TN' ? a('k', ROW) : a(ROW, 'k'));
  const right = ({ b }: { b: Reader }) => (form === 'NT' ? b(COLUMN, 'k') : b('k', COLUMN));
  return defineKernel({
    reads,
    output,
    body: (read) => `
  let sum = 0.0;
  for (let k = 0; k < ${terms}; k++) {
    sum += ${left(read)} * ${right(read)};
  }
  return sum${reads.bias ? ` + ${read.bias('0', COLUMN)}` : ''}${reads.y ? ` + ${read.y(ROW, COLUMN)}` : ''};`
  });
}
