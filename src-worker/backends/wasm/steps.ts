/** Operations of a plan as closures over fixed addresses: what one shard of the batch does in a step. */
import { ACCUMULATE, BIAS, RELU, TRANS_A, TRANS_B, type Kernels } from '../../kernels/signatures.ts';
import type {
  GatherOp,
  MapOp,
  MatmulOp,
  PlaceOp,
  ReduceOp,
  ScatterOp,
  SliceOp,
  SoftmaxCrossEntropyOp,
  SumRowsOp,
  Tensor
} from '../../plan/program.ts';
import { sizeOf } from '../../plan/program.ts';
import { evaluateUniform } from '../../formula/fold.ts';
import { boundNames, type CompiledLoops } from './emit-map.ts';
import { conv2d, conv2dBackInput, conv2dBackWeights } from './convolution.ts';
import type { FusedRelu, Step } from './fuse.ts';
import { pool2d, pool2dBack } from './pooling.ts';

export type Call = () => void;

export function callAll(calls: readonly Call[]): void {
  for (let i = 0; i < calls.length; i++) calls[i]!();
}

/** Rows first … first + count of the batch; `count` changes from step to step, `first` never. */
export interface RowRange {
  readonly first: number;
  count: number;
}

export interface StepContext {
  readonly kernels: Kernels;
  /** Address of a tensor, for this shard: a per-example tensor's first row of the range. */
  address(tensor: Tensor): number;
  readonly range: RowRange;
  readonly scratch: number;
  /** The compiled form of a formula. */
  loops(op: MapOp | ReduceOp): CompiledLoops;
}

export function callOf(step: Step, context: StepContext): Call {
  switch (step.op) {
    case 'matmul':
      return matmul(step, 0, context);
    case 'withRelu':
      return withRelu(step.of, context);
    case 'sumRows':
      return sumRows(step, context);
    case 'map':
    case 'reduce':
      return formula(step, context);
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(step, context);
    case 'conv2d':
      return conv2d(step, 0, context);
    case 'conv2dBackInput':
      return conv2dBackInput(step, context);
    case 'conv2dBackWeights':
      return conv2dBackWeights(step, context);
    case 'pool2d':
      return pool2d(step, context);
    case 'pool2dBack':
      return pool2dBack(step, 0, context);
    case 'place':
      return place(step, context);
    case 'slice':
      return slice(step, context);
    case 'gather':
      return gather(step, context);
    case 'scatter':
      return scatter(step, context);
    default:
      return step satisfies never;
  }
}

function withRelu(of: FusedRelu['of'], context: StepContext): Call {
  if (of.op === 'matmul') return matmul(of, RELU, context);
  return of.op === 'conv2d' ? conv2d(of, RELU, context) : pool2dBack(of, RELU, context);
}

const columnsOf = (tensor: Tensor) => (tensor.perExample ? sizeOf(tensor.shape) : tensor.shape.at(-1)!);

function matmul(
  { form, a, b, y, bias, add }: MatmulOp,
  epilogue: number,
  { kernels, address, range, scratch }: StepContext
): Call {
  const n = columnsOf(y);
  const [pa, pb, py, pbias] = [address(a), address(b), address(y), bias ? address(bias) : 0];
  const [lda, ldb] = [columnsOf(a), columnsOf(b)];
  const isLate = bias !== null && add; // the kernel starts either from y or from the bias
  const flags = (add ? ACCUMULATE : 0) | (bias && !isLate ? BIAS : 0) | epilogue;
  if (form === 'TN')
    return () => kernels.gemm(flags | TRANS_A, lda, n, range.count, pa, lda, pb, ldb, py, n, 0, scratch);
  if (form === 'NT')
    return () => kernels.gemm(flags | TRANS_B, range.count, n, lda, pa, lda, pb, ldb, py, n, 0, scratch);
  if (!isLate) return () => kernels.gemm(flags, range.count, n, lda, pa, lda, pb, ldb, py, n, pbias, scratch);
  return () => {
    kernels.gemm(flags, range.count, n, lda, pa, lda, pb, ldb, py, n, 0, scratch);
    kernels.addRow(range.count, n, pbias, py);
  };
}

function sumRows({ x, y, add }: SumRowsOp, { kernels, address, range }: StepContext): Call {
  const columns = sizeOf(y.shape);
  const rows = sizeOf(x.shape) / columns;
  const [px, py, adds] = [address(x), address(y), add ? 1 : 0];
  return () => kernels.sumRows(range.count * rows, columns, px, py, adds);
}

function formula(op: MapOp | ReduceOp, { address, range, loops }: StepContext): Call {
  const { folded, run } = loops(op);
  const addresses = boundNames(op).map((name) => address(op.tensors[name]!));
  const uniforms = folded.uniforms.map((uniform) => evaluateUniform(uniform, op.constants));
  // What is bound is made ready for WebAssembly once; spread from an array it would be in every call.
  const bound = run.bind(null, ...addresses, ...uniforms);
  return () => bound(range.count);
}

const lastOf = (tensor: Tensor) => tensor.shape.at(-1)!;

function place({ x, y, at }: PlaceOp, { kernels, address, range }: StepContext): Call {
  const [columns, wide] = [lastOf(x), lastOf(y)];
  const rows = sizeOf(x.shape) / columns;
  const [px, py] = [address(x), address(y) + 4 * at];
  return () => kernels.copyColumns(range.count * rows, columns, px, 4 * columns, py, 4 * wide, 0);
}

function slice({ x, y, at, add }: SliceOp, { kernels, address, range }: StepContext): Call {
  const [columns, wide] = [lastOf(y), lastOf(x)];
  const rows = sizeOf(y.shape) / columns;
  const [px, py, adds] = [address(x) + 4 * at, address(y), add ? 1 : 0];
  return () => kernels.copyColumns(range.count * rows, columns, px, 4 * wide, py, 4 * columns, adds);
}

function gather({ ids, table, y }: GatherOp, { kernels, address, range }: StepContext): Call {
  const [entries, width] = table.shape as [number, number];
  const count = sizeOf(ids.shape);
  const [pids, ptable, py] = [address(ids), address(table), address(y)];
  return () => kernels.gatherRows(range.count * count, entries, width, pids, ptable, py);
}

function scatter({ ids, dy, dtable, add }: ScatterOp, { kernels, address, range }: StepContext): Call {
  const [entries, width] = dtable.shape as [number, number];
  const count = sizeOf(ids.shape);
  const [pids, pdy, pdtable, adds] = [address(ids), address(dy), address(dtable), add ? 1 : 0];
  return () => kernels.scatterRows(range.count * count, entries, width, pids, pdy, pdtable, adds);
}

function softmaxCrossEntropy(op: SoftmaxCrossEntropyOp, { kernels, address, range, scratch }: StepContext): Call {
  const [z, labels, weight, loss, correct] = [op.logits, op.labels, op.weight, op.loss, op.correct].map(address) as [
    number,
    number,
    number,
    number,
    number
  ];
  const dz = op.dlogits ? address(op.dlogits) : 0;
  const classes = columnsOf(op.logits);
  // Behind the zeros that matrix products rely on; nobody else is at work on this thread.
  const spare = scratch + 256;
  return () => kernels.softmaxCrossEntropy(range.count, classes, z, labels, weight, loss, correct, dz, spare);
}
