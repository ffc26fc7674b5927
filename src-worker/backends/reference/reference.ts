/**
 * The reference backend: plain loops, one thread, float32 storage (float64 on request, for gradient checks). Slow on purpose.
 */
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, tensorsOf, type Program, type Tensor } from '../../plan/program.ts';
import type { Backend, Batches, Engine, ExampleTable, PrepareOptions, StepSums } from '../backend.ts';
import { elementwise, operation, type Values } from './operations.ts';

export type Precision = 'float32' | 'float64';

export function referenceBackend(precision: Precision = 'float32'): Backend {
  return {
    name: 'reference',
    unavailable: (purpose) => Promise.resolve(purpose === 'auto' ? 'made for checking, not for speed' : null),
    prepare: ({ plan, table }: PrepareOptions) => Promise.resolve(new ReferenceEngine(plan, table, precision)),
    run: (program, inputs) => Promise.resolve(runOnce(program, inputs, precision))
  };
}

export const reference = referenceBackend();

function runOnce(
  program: Program,
  inputs: ReadonlyMap<Tensor, ArrayLike<number>>,
  precision: Precision
): Map<Tensor, Float32Array | Float64Array> {
  const memory = new Memory(program.tensors, program.batchSize, precision);
  for (const [tensor, values] of inputs) memory.values(tensor).set(values);
  const place = { values: memory.values, rows: { count: program.batchSize } };
  for (const op of program.ops) operation(op, place)();
  const written = new Set(program.ops.flatMap((op) => tensorsOf(op).writes));
  return new Map([...written].map((tensor) => [tensor, memory.values(tensor) as Float32Array | Float64Array]));
}

/** One array a tensor; `arenas` lend their parts to parameters and gradients. */
class Memory {
  readonly #values = new Map<number, Values>();

  constructor(
    tensors: readonly Tensor[],
    batchSize: number,
    precision: Precision,
    lent: ReadonlyMap<Tensor, Values> = new Map()
  ) {
    const make = precision === 'float64' ? Float64Array : Float32Array;
    for (const tensor of tensors) {
      const size = sizeOf(tensor.shape) * (tensor.perExample ? batchSize : 1);
      this.#values.set(tensor.id, lent.get(tensor) ?? (tensor.type === 'i32' ? new Int32Array(size) : new make(size)));
    }
  }

  readonly values = (tensor: Tensor): Values => this.#values.get(tensor.id)!;
}

class ReferenceEngine implements Engine {
  readonly backend = 'reference';
  readonly detail: string;
  readonly threads = 1;
  readonly maxSteps = Infinity;

  readonly #plan: Plan;
  readonly #table: ExampleTable;
  /** `w`, `g` and the optimizer's states. */
  readonly #arenas: Readonly<Record<string, Float32Array | Float64Array>>;
  readonly #memory: Memory;
  readonly #rows = { count: 0 };
  readonly #gradients: (() => void)[];
  readonly #evaluation: (() => void)[];
  readonly #update: ReturnType<typeof elementwise>;

  constructor(plan: Plan, table: ExampleTable, precision: Precision) {
    const make = precision === 'float64' ? Float64Array : Float32Array;
    this.#plan = plan;
    this.#table = table;
    this.detail = `plain loops, ${precision}`;
    this.#arenas = Object.fromEntries(['w', 'g', ...plan.update.states].map((name) => [name, new make(plan.arena)]));
    const lent = new Map<Tensor, Values>();
    for (const { value, gradient, at, size } of plan.parameters) {
      lent.set(value, this.#arenas['w']!.subarray(at, at + size));
      lent.set(gradient, this.#arenas['g']!.subarray(at, at + size));
    }
    this.#memory = new Memory(plan.tensors, plan.batchSize, precision, lent);
    const place = { values: this.#memory.values, rows: this.#rows };
    this.#gradients = plan.gradients.map((op) => operation(op, place));
    this.#evaluation = plan.evaluation.map((op) => operation(op, place));
    this.#update = elementwise(plan.update.formula, this.#arenas);
  }

  async train({ steps, rows, counts, firstStep, learningRates }: Batches, sums: StepSums): Promise<void> {
    const { batchSize, arena, update } = this.#plan;
    for (let s = 0; s < steps; s++) {
      this.#load(rows, s * batchSize, counts[s]!);
      for (const run of this.#gradients) run();
      const { loss, correct } = this.#sums();
      sums.loss[s] = loss;
      sums.correct[s] = correct;
      this.#update(arena, { ...update.constants, t: firstStep + s, learningRate: learningRates[s]! });
    }
  }

  async evaluate(rows: Int32Array): Promise<{ loss: number; correct: number }> {
    const total = { loss: 0, correct: 0 };
    for (let at = 0; at < rows.length; at += this.#plan.batchSize) {
      this.#load(rows, at, Math.min(this.#plan.batchSize, rows.length - at));
      for (const run of this.#evaluation) run();
      const { loss, correct } = this.#sums();
      total.loss += loss;
      total.correct += correct;
    }
    return total;
  }

  read(arena: string): Promise<Float32Array> {
    return Promise.resolve(Float32Array.from(this.#arenas[arena]!));
  }

  async write(arena: string, values: Float32Array): Promise<void> {
    this.#arenas[arena]!.set(values);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #load(rows: Int32Array, at: number, count: number): void {
    const { input, labels, weight, inputShape } = this.#plan;
    const { examples, labels: known, scale, shift } = this.#table;
    const size = sizeOf(inputShape);
    const [x, y, w] = [input, labels, weight].map(this.#memory.values) as [Values, Values, Values];
    this.#rows.count = count;
    for (let b = 0; b < count; b++) {
      const row = rows[at + b]!;
      for (let i = 0; i < size; i++) x[b * size + i] = examples[row * size + i]! * scale[i]! + shift[i]!;
      y[b] = known[row]!;
      w[b] = 1 / count;
    }
  }

  #sums(): { loss: number; correct: number } {
    const [losses, corrects] = [this.#memory.values(this.#plan.loss), this.#memory.values(this.#plan.correct)];
    let [loss, correct] = [0, 0];
    for (let b = 0; b < this.#rows.count; b++) {
      loss += losses[b]!;
      correct += corrects[b]!;
    }
    return { loss, correct };
  }
}
