/** Each operation as calls of kernels. */
import {
  sizeOf,
  type Conv2dBackWeightsOp,
  type MatmulOp,
  type Op,
  type PlaceOp,
  type Pool2dBackOp,
  type Pool2dOp,
  type ScatterOp,
  type SliceOp,
  type SoftmaxCrossEntropyOp,
  type SumRowsOp,
  type Tensor
} from '../../plan/program.ts';
import { place, slice } from './kernels/columns.ts';
import { batchParts, conv2d, conv2dBackInput, conv2dBackWeights, sumParts } from './kernels/conv2d.ts';
import { gather, scatter, tableRows } from './kernels/embedding.ts';
import { matmul } from './kernels/matmul.ts';
import { averagePool, averagePoolBack, maxPool, maxPoolBack, winners } from './kernels/pool2d.ts';
import { crossEntropy, isCorrect, rowStatistics, softmaxGradient } from './kernels/softmax-cross-entropy.ts';
import { sumPixels, sumRows } from './kernels/sum-rows.ts';
import { geometry } from './kernels/windows.ts';
import { traceMap, traceReduce } from './trace-formulas.ts';
import type { Tracer } from './tracer.ts';
import type { Value } from './value.ts';

export function traceOp(tracer: Tracer, op: Op): void {
  switch (op.op) {
    case 'matmul':
      return traceMatmul(tracer, op);
    case 'sumRows':
      return traceSumRows(tracer, op);
    case 'map':
      return traceMap(tracer, op);
    case 'reduce':
      return traceReduce(tracer, op);
    case 'place':
      return tracePlace(tracer, op);
    case 'slice':
      return traceSlice(tracer, op);
    case 'gather':
      return tracer.write(op.y, gather({ entries: entriesOf(tracer, op), table: tracer.value(op.table) }));
    case 'scatter': {
      const reads = { dy: tracer.value(op.dy), dtable: tracer.before(op.dtable, op.add) };
      const rule = scatter(op.dtable.shape[0]!, { entries: entriesOf(tracer, { ...op, table: op.dtable }), ...reads });
      return tracer.write(op.dtable, rule);
    }
    case 'softmaxCrossEntropy':
      return traceSoftmaxCrossEntropy(tracer, op);
    case 'conv2d': {
      const at = geometry(op.window, op.x.shape, op.y.shape[2]!);
      const reads = { x: tracer.value(op.x), w: tracer.value(op.w), bias: op.bias && tracer.value(op.bias) };
      return tracer.write(op.y, conv2d(at, reads));
    }
    case 'conv2dBackInput': {
      const at = geometry(op.window, op.dx.shape, op.dy.shape[2]!);
      const reads = { dy: tracer.value(op.dy), w: tracer.value(op.w), dx: tracer.before(op.dx, op.add) };
      return tracer.write(op.dx, conv2dBackInput(at, reads));
    }
    case 'conv2dBackWeights':
      return traceConv2dBackWeights(tracer, op);
    case 'pool2d':
      return tracePool2d(tracer, op);
    case 'pool2dBack':
      return tracePool2dBack(tracer, op);
    default:
      return op satisfies never;
  }
}

function traceMatmul(tracer: Tracer, { form, a, b, y, bias, add }: MatmulOp): void {
  const reads = {
    a: tracer.value(a),
    b: tracer.value(b),
    bias: bias && tracer.value(bias),
    y: tracer.before(y, add)
  };
  tracer.write(y, matmul(form, tracer.extentOf(y), reads));
}

/** Images are added up one by one first: there are few sums, and many terms to each. */
function traceSumRows(tracer: Tracer, op: SumRowsOp): void {
  const columns = sizeOf(op.y.shape);
  let x = tracer.value(op.x);
  if (x.columns > columns) x = tracer.intermediate(sumPixels(columns, { x }), `${op.x.name} by image`);
  tracer.write(op.y, sumRows(tracer.extentOf(op.y), { x, y: tracer.before(op.y, op.add) }));
}

const columnsOf = (wide: Tensor, narrow: Tensor, at: number) => ({
  wide: wide.shape.at(-1)!,
  narrow: narrow.shape.at(-1)!,
  at
});

function tracePlace(tracer: Tracer, { x, y, at }: PlaceOp): void {
  const reads = { x: tracer.value(x), y: tracer.before(y, true) };
  tracer.write(y, place(columnsOf(y, x, at), tracer.extentOf(y), reads));
}

function traceSlice(tracer: Tracer, { x, y, at, add }: SliceOp): void {
  const reads = { x: tracer.value(x), y: tracer.before(y, add) };
  tracer.write(y, slice(columnsOf(x, y, at), tracer.extentOf(y), reads));
}

function entriesOf(tracer: Tracer, { ids, table }: Pick<ScatterOp, 'ids'> & { table: Tensor }): Value {
  return tracer.intermediate(tableRows(table.shape[0]!, { ids: tracer.value(ids) }), `rows of ${table.name}`);
}

function traceSoftmaxCrossEntropy(tracer: Tracer, op: SoftmaxCrossEntropyOp): void {
  const z = tracer.value(op.logits);
  const labels = tracer.value(op.labels);
  const statistics = tracer.intermediate(rowStatistics({ z }), `${op.logits.name} statistics`);
  tracer.write(op.loss, crossEntropy({ z, labels, statistics }));
  tracer.write(op.correct, isCorrect({ z, labels, statistics }));
  if (!op.dlogits) return;
  tracer.write(op.dlogits, softmaxGradient({ z, labels, weight: tracer.value(op.weight), statistics }));
}

function traceConv2dBackWeights(tracer: Tracer, op: Conv2dBackWeightsOp): void {
  const at = geometry(op.window, op.x.shape, op.dy.shape[2]!);
  const batch = batchParts(at, tracer.batchSize);
  const rule = conv2dBackWeights(at, batch, { x: tracer.value(op.x), dy: tracer.value(op.dy) });
  const partial = tracer.intermediate(rule, `${op.dw.name} in parts`);
  tracer.write(op.dw, sumParts(batch.parts, { partial, dw: tracer.before(op.dw, op.add) }));
}

function tracePool2d(tracer: Tracer, op: Pool2dOp): void {
  const at = geometry(op.window, op.x.shape, op.x.shape[2]!);
  const x = tracer.value(op.x);
  tracer.write(op.y, op.kind === 'max' ? maxPool(at, { x }) : averagePool(at, op, { x }));
}

function tracePool2dBack(tracer: Tracer, op: Pool2dBackOp): void {
  const at = geometry(op.window, op.x.shape, op.x.shape[2]!);
  const reads = { dy: tracer.value(op.dy), dx: tracer.before(op.dx, op.add) };
  if (op.kind === 'average') return tracer.write(op.dx, averagePoolBack(at, op, reads));
  const rule = winners(at, { x: tracer.value(op.x), y: tracer.value(op.y) });
  const winner = tracer.intermediate(rule, `${op.y.name} winners`);
  tracer.write(op.dx, maxPoolBack(at, { winner, ...reads }));
}
