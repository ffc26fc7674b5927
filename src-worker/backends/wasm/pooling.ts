/** Pooling as closures over the kernels. */
import { ACCUMULATE } from '../../kernels/signatures.ts';
import type { Pool2dBackOp, Pool2dOp } from '../../plan/program.ts';
import { windowArguments } from './convolution.ts';
import type { Call, StepContext } from './steps.ts';

export function pool2d({ kind, window, countBorder, x, y }: Pool2dOp, { kernels, address, range }: StepContext): Call {
  const over = windowArguments(window, x.shape);
  const [px, py, counts] = [address(x), address(y), countBorder ? 1 : 0];
  if (kind === 'max') return () => kernels.maxPool(range.count, ...over, px, py);
  return () => kernels.averagePool(range.count, ...over, counts, px, py);
}

export function pool2dBack(op: Pool2dBackOp, flags: number, { kernels, address, range }: StepContext): Call {
  const { kind, window, countBorder, x, y, dy, dx, add } = op;
  const over = windowArguments(window, x.shape);
  const [px, py, pdy, pdx] = [address(x), address(y), address(dy), address(dx)];
  const [counts, adds] = [countBorder ? 1 : 0, add ? 1 : 0];
  const maxFlags = flags | (add ? ACCUMULATE : 0);
  if (kind === 'max') return () => kernels.maxPoolBack(range.count, ...over, px, py, pdy, pdx, maxFlags);
  return () => kernels.averagePoolBack(range.count, ...over, counts, pdy, pdx, adds);
}
