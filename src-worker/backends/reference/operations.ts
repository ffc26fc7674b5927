/**
 * Every operation as the plain loops of its definition: the oracle that the fast backends are checked against. Sums are float64
 * whatever the storage, rows are taken in order, nothing is clever.
 */
import { conv2d, conv2dBackInput, conv2dBackWeights, pool2d, pool2dBack } from './images.ts';
import { evaluateUniform, foldFormula, scalarFunctions, type Folded } from '../../formula/fold.ts';
import type { Formula } from '../../formula/parse.ts';
import type { MapOp, MatmulOp, Op, SoftmaxCrossEntropyOp, SumRowsOp, Tensor } from '../../plan/program.ts';
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

function map({ formula, tensors, constants, add }: MapOp, { values, rows }: Place): () => void {
  const bound = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, values(tensor)]));
  const compute = elementwise(formula, bound, add);
  const [first] = Object.values(tensors);
  const size = sizeOf(first!.shape);
  return () => compute(first!.perExample ? size * rows.count : size, constants);
}

/** The formula over the first `length` elements; `numbers` gives every free name that is no tensor. */
export function elementwise(
  formula: Formula,
  tensors: Readonly<Record<string, Values>>,
  add = false
): (length: number, numbers: Readonly<Record<string, number>>) => void {
  const { statements, uniforms } = foldFormula(formula, (name) => name in tensors);
  const names = [...new Set([...Object.keys(tensors), ...formula.targets])];
  const slots = new Float64Array(names.length);
  const uniformValues = new Float64Array(uniforms.length);
  const steps = statements.map(({ target, value }) => ({
    slot: names.indexOf(target),
    value: closure(value, (name) => names.indexOf(name), slots, uniformValues)
  }));
  const inputs = formula.inputs
    .filter((name) => name in tensors)
    .map((name) => ({ slot: names.indexOf(name), from: tensors[name]! }));
  const outputs = formula.targets
    .filter((name) => name in tensors)
    .map((name) => ({ slot: names.indexOf(name), to: tensors[name]! }));
  return (length, numbers) => {
    uniforms.forEach((uniform, index) => (uniformValues[index] = evaluateUniform(uniform, numbers)));
    for (let i = 0; i < length; i++) {
      for (const { slot, from } of inputs) slots[slot] = from[i]!;
      for (const { slot, value } of steps) slots[slot] = value();
      for (const { slot, to } of outputs) to[i] = add ? to[i]! + slots[slot]! : slots[slot]!;
    }
  };
}

function closure(
  e: Folded,
  slotOf: (name: string) => number,
  slots: Float64Array,
  uniforms: Float64Array
): () => number {
  const sub = (part: Folded) => closure(part, slotOf, slots, uniforms);
  switch (e.type) {
    case 'uniform':
      return () => uniforms[e.index]!;
    case 'name': {
      const slot = slotOf(e.name);
      return () => slots[slot]!;
    }
    case 'negate': {
      const of = sub(e.of);
      return () => -of();
    }
    case 'binary': {
      const [left, right] = [sub(e.left), sub(e.right)];
      return {
        '+': () => left() + right(),
        '-': () => left() - right(),
        '*': () => left() * right(),
        '/': () => left() / right()
      }[e.operator];
    }
    case 'call': {
      const apply = scalarFunctions[e.name];
      const [a, b, c] = e.args.map(sub);
      return () => apply(a!(), b ? b() : 0, c ? c() : 0);
    }
    default:
      return e satisfies never;
  }
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
