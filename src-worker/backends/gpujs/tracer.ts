import { LabError } from '../../contract/errors.ts';
import type { Op, Tensor } from '../../plan/program.ts';
import { kernelText, type KernelRule } from './kernel-text.ts';
import type { Gpu, Handle, Kernel } from './library.ts';
import { packed } from './packing.ts';
import { traceOp } from './trace-ops.ts';
import { checkElements, extentOf, type Extent, type Value } from './value.ts';

/** Turns operations into kernel calls while gpu.js traces a pipeline. Nothing is computed here: values are handles. */
export class Tracer {
  readonly batchSize: number;
  /** Number of the step within the call. */
  step = 0;
  /** What each tensor holds at this point of the program, by id: views of a tensor have its rows and columns. */
  readonly #values = new Map<number, Value>();
  readonly #kernels = new Map<string, Kernel>();
  readonly #gpu: Gpu;

  constructor(gpu: Gpu, batchSize: number) {
    this.#gpu = gpu;
    this.batchSize = batchSize;
  }

  /** Calls a kernel; one source is compiled once, however often it is called. */
  call(rule: KernelRule, name: string): Handle {
    const { source, values, takesStep, output } = kernelText(packed(rule, name, this));
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
    for (const op of ops) traceOp(this, op);
  }

  /** A value between two kernels of one operation. */
  intermediate(rule: KernelRule, name: string): Value {
    const { rows, columns } = rule.output;
    return { handle: this.call(rule, name), plane: '', rows, columns };
  }

  write(tensor: Tensor, rule: KernelRule): void {
    this.set(tensor, this.call(rule, tensor.name));
  }

  set(tensor: Tensor, handle: Handle): void {
    this.hold(tensor, { handle, plane: '', ...this.extentOf(tensor) });
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
  before(tensor: Tensor, add: boolean): Value | null {
    return add ? (this.#values.get(tensor.id) ?? null) : null;
  }

  extentOf(tensor: Tensor): Extent {
    return extentOf(tensor, this.batchSize);
  }
}
