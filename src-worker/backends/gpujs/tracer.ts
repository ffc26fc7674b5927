import { LabError } from '../../contract/errors.ts';
import type { MapOp, Op, SoftmaxCrossEntropyOp, Tensor } from '../../plan/program.ts';
import { kernelText, type KernelRule } from './kernel-text.ts';
import { map } from './kernels/map.ts';
import { matmul } from './kernels/matmul.ts';
import { crossEntropy, isCorrect, rowStatistics, softmaxGradient } from './kernels/softmax-cross-entropy.ts';
import { sumRows } from './kernels/sum-rows.ts';
import type { Gpu, Handle, Kernel } from './library.ts';
import { checkElements, extentOf, type Value } from './value.ts';

/** Turns operations into kernel calls while gpu.js traces a pipeline. Nothing is computed here: values are handles. */
export class Tracer {
  /** What each tensor holds at this point of the program. */
  readonly values = new Map<Tensor, Value>();
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
          a: this.#value(op.a),
          b: this.#value(op.b),
          bias: op.bias && this.#value(op.bias),
          y: this.#before(op.y, op.add)
        };
        return this.#write(op.y, matmul(op.form, extentOf(op.y, this.#batchSize), reads));
      }
      case 'sumRows':
        return this.#write(op.y, sumRows({ x: this.#value(op.x), y: this.#before(op.y, op.add) }));
      case 'map':
        return this.#map(op);
      case 'softmaxCrossEntropy':
        return this.#softmaxCrossEntropy(op);
      default:
        return op satisfies never;
    }
  }

  /** Every target is computed from the values before the operation, so all are written at its end. */
  #map(op: MapOp): void {
    const inputs = op.formula.inputs.flatMap((name) =>
      op.tensors[name] ? [[name, this.#value(op.tensors[name])] as const] : []
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
    const z = this.#value(op.logits);
    const labels = this.#value(op.labels);
    const name = `${op.logits.name} statistics`;
    const statistics: Value = { handle: this.call(rowStatistics({ z }), name), plane: '', rows: z.rows, columns: 2 };
    this.#write(op.loss, crossEntropy({ z, labels, statistics }));
    this.#write(op.correct, isCorrect({ z, labels, statistics }));
    if (op.dlogits) this.#write(op.dlogits, softmaxGradient({ z, labels, weight: this.#value(op.weight), statistics }));
  }

  #write(tensor: Tensor, rule: KernelRule): void {
    this.set(tensor, this.call(rule, tensor.name));
  }

  set(tensor: Tensor, handle: Handle): void {
    this.values.set(tensor, { handle, plane: '', ...extentOf(tensor, this.#batchSize) });
  }

  #value(tensor: Tensor): Value {
    const value = this.values.get(tensor);
    if (!value) throw new LabError('internal', `“${tensor.name}” is read before anything is in it.`);
    return value;
  }

  /** What an operation adds to. A tensor that holds nothing yet counts as zero. */
  #before(tensor: Tensor, add: boolean): Value | null {
    return add ? (this.values.get(tensor) ?? null) : null;
  }
}
