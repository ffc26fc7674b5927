/**
 * Every operation as the plain loops of its definition: the oracle that the fast backends are checked against. Sums are float64
 * whatever the storage, rows are taken in order, nothing is clever.
 */
import { conv2d, conv2dBackInput, conv2dBackWeights, pool2d, pool2dBack } from './images.ts';
import { map, reduce } from './formulas.ts';
import type {
  GatherOp,
  MatmulOp,
  Op,
  PlaceOp,
  ScatterOp,
  SliceOp,
  SoftmaxCrossEntropyOp,
  SumRowsOp,
  Tensor
} from '../../plan/program.ts';
import { sizeOf } from '../../plan/program.ts';

export type Values = Float32Array | Float64Array | Int32Array;

/** Where an operation finds its tensors, and how many rows of the batch are real. */
export interface Place {
  values(tensor: Tensor): Values;
  readonly rows: { count: number };
}

/** An operation ready to run. */
export function operation(op: Op, place: Place): () => void {
  switch (op.op) {
    case 'matmul':
      return matmul(op, place);
    case 'sumRows':
      return sumRows(op, place);
    case 'map':
      return map(op, place);
    case 'reduce':
      return reduce(op, place);
    case 'place':
      return placeColumns(op, place);
    case 'slice':
      return sliceColumns(op, place);
    case 'gather':
      return gather(op, place);
    case 'scatter':
      return scatter(op, place);
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(op, place);
    case 'conv2d':
      return conv2d(op, place);
    case 'conv2dBackInput':
      return conv2dBackInput(op, place);
    case 'conv2dBackWeights':
      return conv2dBackWeights(op, place);
    case 'pool2d':
      return pool2d(op, place);
    case 'pool2dBack':
      return pool2dBack(op, place);
    default:
      return op satisfies never;
  }
}

const columnsOf = (tensor: Tensor): number => (tensor.perExample ? sizeOf(tensor.shape) : tensor.shape.at(-1)!);
const rowsOf = (tensor: Tensor): number => sizeOf(tensor.shape) / tensor.shape.at(-1)!;

function matmul({ form, a, b, y, bias, add }: MatmulOp, { values, rows }: Place): () => void {
  const [va, vb, vy, vbias] = [values(a), values(b), values(y), bias && values(bias)];
  const n = columnsOf(y);
  return () => {
    const m = y.perExample ? rows.count : rowsOf(y);
    const k = form === 'TN' ? rows.count : columnsOf(a);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          const left = form === 'TN' ? va[p * m + i]! : va[i * k + p]!;
          const right = form === 'NT' ? vb[j * k + p]! : vb[p * n + j]!;
          sum += left * right;
        }
        if (vbias) sum += vbias[j]!;
        vy[i * n + j] = add ? vy[i * n + j]! + sum : sum;
      }
  };
}

function sumRows({ x, y, add }: SumRowsOp, { values, rows }: Place): () => void {
  const [vx, vy] = [values(x), values(y)];
  const n = sizeOf(y.shape);
  const rowsPerExample = sizeOf(x.shape) / n;
  return () => {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let i = 0; i < rows.count * rowsPerExample; i++) sum += vx[i * n + j]!;
      vy[j] = add ? vy[j]! + sum : sum;
    }
  };
}

/** Row, column and column count of a matrix whose rows are all axes but the last. */
function eachColumn(
  tensor: Tensor,
  examples: number,
  visit: (row: number, column: number, columns: number) => void
): void {
  const columns = tensor.shape.at(-1)!;
  const rows = (sizeOf(tensor.shape) / columns) * examples;
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) visit(row, column, columns);
}

function placeColumns({ x, y, at }: PlaceOp, { values, rows }: Place): () => void {
  const [vx, vy] = [values(x), values(y)];
  const wide = y.shape.at(-1)!;
  return () =>
    eachColumn(x, rows.count, (row, column, columns) => {
      vy[row * wide + at + column] = vx[row * columns + column]!;
    });
}

function sliceColumns({ x, y, at, add }: SliceOp, { values, rows }: Place): () => void {
  const [vx, vy] = [values(x), values(y)];
  const wide = x.shape.at(-1)!;
  return () =>
    eachColumn(y, rows.count, (row, column, columns) => {
      const to = row * columns + column;
      vy[to] = (add ? vy[to]! : 0) + vx[row * wide + at + column]!;
    });
}

/** The row of the table that an id means: rounded, held within the table; what is no number counts as 0. */
const rowOf = (id: number, rows: number): number => Math.max(0, Math.min(rows - 1, Math.floor(id + 0.5))) || 0;

function gather({ ids, table, y }: GatherOp, { values, rows }: Place): () => void {
  const [vids, vtable, vy] = [values(ids), values(table), values(y)];
  const [entries, width] = table.shape as [number, number];
  const count = sizeOf(ids.shape);
  return () => {
    for (let t = 0; t < rows.count * count; t++)
      for (let d = 0; d < width; d++) vy[t * width + d] = vtable[rowOf(vids[t]!, entries) * width + d]!;
  };
}

function scatter({ ids, dy, dtable, add }: ScatterOp, { values, rows }: Place): () => void {
  const [vids, vdy, vdtable] = [values(ids), values(dy), values(dtable)];
  const [entries, width] = dtable.shape as [number, number];
  const count = sizeOf(ids.shape);
  return () => {
    if (!add) vdtable.fill(0);
    for (let t = 0; t < rows.count * count; t++)
      for (let d = 0; d < width; d++) vdtable[rowOf(vids[t]!, entries) * width + d]! += vdy[t * width + d]!;
  };
}

function softmaxCrossEntropy(op: SoftmaxCrossEntropyOp, { values, rows }: Place): () => void {
  const [logits, labels, weight, loss, correct] = [op.logits, op.labels, op.weight, op.loss, op.correct].map(
    values
  ) as [Values, Values, Values, Values, Values];
  const dlogits = op.dlogits && values(op.dlogits);
  const classes = columnsOf(op.logits);
  return () => {
    for (let b = 0; b < rows.count; b++) {
      const row = logits.subarray(b * classes, (b + 1) * classes);
      const label = labels[b]!;
      // The first of the largest; a NaN is never larger, but makes the sum and so the loss NaN.
      let best = 0;
      for (let j = 1; j < classes; j++) if (row[j]! > row[best]!) best = j;
      const top = row[best]!;
      let sum = 0;
      for (let j = 0; j < classes; j++) sum += Math.exp(row[j]! - top);
      loss[b] = Math.log(sum) + top - row[label]!;
      correct[b] = best === label ? 1 : 0;
      for (let j = 0; dlogits && j < classes; j++)
        dlogits[b * classes + j] = (Math.exp(row[j]! - top) / sum - (j === label ? 1 : 0)) * weight[b]!;
    }
  };
}
