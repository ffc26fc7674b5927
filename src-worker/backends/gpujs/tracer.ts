import { LabError } from '../../contract/errors.ts';
import {
  sizeOf,
  type Conv2dBackWeightsOp,
  type MapOp,
  type Op,
  type Pool2dBackOp,
  type Pool2dOp,
  type SoftmaxCrossEntropyOp,
  type SumRowsOp,
  type Tensor
} from '../../plan/program.ts';
import { kernelText, type KernelRule } from './kernel-text.ts';
import { batchParts, conv2d, conv2dBackInput, conv2dBackWeights, sumParts } from './kernels/conv2d.ts';
import { map } from './kernels/map.ts';
import { matmul } from './kernels/matmul.ts';
import { averagePool, averagePoolBack, maxPool, maxPoolBack, winners } from './kernels/pool2d.ts';
import { crossEntropy, isCorrect, rowStatistics, softmaxGradient } from './kernels/softmax-cross-entropy.ts';
import { sumPixels, sumRows } from './kernels/sum-rows.ts';
import { geometry } from './kernels/windows.ts';
import type { Gpu, Handle, Kernel } from './library.ts';
import { checkElements, extentOf, type Value } from './value.ts';

const notThere = (what: string) =>
  new LabError('backend_unavailable', `The GPU backends cannot compute “${what}”. Train on wasm.`, { op: what });

/** Throws: `backend_unavailable` for what no kernel computes. */
export function checkOps(ops: readonly Op[]): void {
  for (const op of ops) {
    if (op.op === 'map' && op.grid) throw notThere('map over a grid');
    if (['reduce', 'place', 'slice', 'gather', 'scatter'].includes(op.op)) throw notThere(op.op);
  }
}

/** Turns operations into kernel calls while gpu.js traces a pipeline. Nothing is computed here: values are handles. */
export class Tracer {
  /** What each tensor holds at this point of the program, by id: views of a tensor have its rows and columns. */
  readonly #values = new Map<number, Value>();
  /** Number of the step within the call. */
  step = 0;
  readonly #kernels = new Map<string, Kernel>();
  readonly #gpu: Gpu;
  readonly #batchSize: number;

  constructor(gpu: Gpu, batchSize: number) {
    this.#gpu = gpu;
    this.#batchSize = batchSize;
  }

  /** Calls a kernel; one source is compiled once, however often it is called. */
  call(rule: KernelRule, name: string): Handle {
    const { source, values, takesStep, output } = kernelText(rule);
    checkElements(
      name,
      output.reduce((a, b) => a * b, 1)
    );
    const key = `${output.join('×')} ${source}`;
    const kernel =
      this.#kernels.get(key) ?? this.#gpu.createKernel(source, { output, precision: 'single', tactic: 'precision' });
    this.#kernels.set(key, kernel);
    return kernel(...values.map(({ handle }) => handle), ...(takesStep ? [this.step] : []));
  }

  run(ops: readonly Op[]): void {
    for (const op of ops) this.#run(op);
  }

  #run(op: Op): void {
    switch (op.op) {
      case 'matmul': {
        const reads = {
          a: this.value(op.a),
          b: this.value(op.b),
          bias: op.bias && this.value(op.bias),
          y: this.#before(op.y, op.add)
        };
        return this.#write(op.y, matmul(op.form, extentOf(op.y, this.#batchSize), reads));
      }
      case 'sumRows':
        return this.#sumRows(op);
      case 'map':
        return this.#map(op);
      case 'softmaxCrossEntropy':
        return this.#softmaxCrossEntropy(op);
      case 'conv2d': {
        const at = geometry(op.window, op.x.shape, op.y.shape[2]!);
        const reads = { x: this.value(op.x), w: this.value(op.w), bias: op.bias && this.value(op.bias) };
        return this.#write(op.y, conv2d(at, reads));
      }
      case 'conv2dBackInput': {
        const at = geometry(op.window, op.dx.shape, op.dy.shape[2]!);
        const reads = { dy: this.value(op.dy), w: this.value(op.w), dx: this.#before(op.dx, op.add) };
        return this.#write(op.dx, conv2dBackInput(at, reads));
      }
      case 'conv2dBackWeights':
        return this.#conv2dBackWeights(op);
      case 'pool2d':
        return this.#pool2d(op);
      case 'pool2dBack':
        return this.#pool2dBack(op);
      case 'reduce':
      case 'place':
      case 'slice':
      case 'gather':
      case 'scatter':
        throw notThere(op.op);
      default:
        return op satisfies never;
    }
  }

  /** Images are added up one by one first: there are few sums, and many terms to each. */
  #sumRows(op: SumRowsOp): void {
    const columns = sizeOf(op.y.shape);
    let x = this.value(op.x);
    if (x.columns > columns) x = this.#intermediate(sumPixels(columns, { x }), `${op.x.name} by image`);
    this.#write(op.y, sumRows(extentOf(op.y, this.#batchSize), { x, y: this.#before(op.y, op.add) }));
  }

  /** Every target is computed from the values before the operation, so all are written at its end. */
  #map(op: MapOp): void {
    const inputs = op.formula.inputs.flatMap((name) =>
      op.tensors[name] ? [[name, this.value(op.tensors[name])] as const] : []
    );
    const values = Object.fromEntries(inputs);
    const targets = op.formula.targets.flatMap((name) => (op.tensors[name] ? [[name, op.tensors[name]] as const] : []));
    const rules = targets.map(([name, tensor]) => {
      const output = extentOf(tensor, this.#batchSize);
      const other = inputs.find(([, { rows, columns }]) => rows !== output.rows || columns !== output.columns);
      if (other) throw new LabError('internal', `“${op.formula.text}”: ${other[0]} and ${name} differ in shape.`);
      return { tensor, rule: map(op, name, output, { values, previous: this.#before(tensor, op.add) }) };
    });
    const handles = rules.map(({ tensor, rule }) => this.call(rule, tensor.name));
    for (const [index, { tensor }] of rules.entries()) this.set(tensor, handles[index]!);
  }

  #softmaxCrossEntropy(op: SoftmaxCrossEntropyOp): void {
    const z = this.value(op.logits);
    const labels = this.value(op.labels);
    const statistics = this.#intermediate(rowStatistics({ z }), `${op.logits.name} statistics`);
    this.#write(op.loss, crossEntropy({ z, labels, statistics }));
    this.#write(op.correct, isCorrect({ z, labels, statistics }));
    if (op.dlogits) this.#write(op.dlogits, softmaxGradient({ z, labels, weight: this.value(op.weight), statistics }));
  }

  #conv2dBackWeights(op: Conv2dBackWeightsOp): void {
    const at = geometry(op.window, op.x.shape, op.dy.shape[2]!);
    const batch = batchParts(at, this.#batchSize);
    const rule = conv2dBackWeights(at, batch, { x: this.value(op.x), dy: this.value(op.dy) });
    const partial = this.#intermediate(rule, `${op.dw.name} in parts`);
    this.#write(op.dw, sumParts(batch.parts, { partial, dw: this.#before(op.dw, op.add) }));
  }

  #pool2d(op: Pool2dOp): void {
    const at = geometry(op.window, op.x.shape, op.x.shape[2]!);
    const x = this.value(op.x);
    this.#write(op.y, op.kind === 'max' ? maxPool(at, { x }) : averagePool(at, op, { x }));
  }

  #pool2dBack(op: Pool2dBackOp): void {
    const at = geometry(op.window, op.x.shape, op.x.shape[2]!);
    const reads = { dy: this.value(op.dy), dx: this.#before(op.dx, op.add) };
    if (op.kind === 'average') return this.#write(op.dx, averagePoolBack(at, op, reads));
    const rule = winners(at, { x: this.value(op.x), y: this.value(op.y) });
    const winner = this.#intermediate(rule, `${op.y.name} winners`);
    this.#write(op.dx, maxPoolBack(at, { winner, ...reads }));
  }

  /** A value between two kernels of one operation. */
  #intermediate(rule: KernelRule, name: string): Value {
    const { rows, columns } = rule.output;
    return { handle: this.call(rule, name), plane: '', rows, columns };
  }

  #write(tensor: Tensor, rule: KernelRule): void {
    this.set(tensor, this.call(rule, tensor.name));
  }

  set(tensor: Tensor, handle: Handle): void {
    this.hold(tensor, { handle, plane: '', ...extentOf(tensor, this.#batchSize) });
  }

  hold(tensor: Tensor, value: Value): void {
    this.#values.set(tensor.id, value);
  }

  /** Forgets all tensors. */
  clear(): void {
    this.#values.clear();
  }

  value(tensor: Tensor): Value {
    const value = this.#values.get(tensor.id);
    if (!value) throw new LabError('internal', `“${tensor.name}” is read before anything is in it.`);
    return value;
  }

  /** What an operation adds to. A tensor that holds nothing yet counts as zero. */
  #before(tensor: Tensor, add: boolean): Value | null {
    return add ? (this.#values.get(tensor.id) ?? null) : null;
  }
}
