/**
 * The reference backend: plain loops, one thread, float32 storage (float64 on request, for gradient checks). Slow on purpose.
 */
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, tensorsOf, type Op, type Program, type Tensor } from '../../plan/program.ts';
import { checkPlanSize } from '../../plan/size.ts';
import type { Backend, Batches, Engine, ExampleTable, PrepareOptions, Visit } from '../backend.ts';
import { fillOf, type FeedStep, type Fill } from '../feed.ts';
import { isFinite, sumOf } from '../sums.ts';
import { elementwise } from './formulas.ts';
import { operation, type Values } from './operations.ts';

export type Precision = 'float32' | 'float64';

export function referenceBackend(precision: Precision = 'float32'): Backend {
  return {
    name: 'reference',
    unavailable: (purpose) => Promise.resolve(purpose === 'auto' ? 'made for checking, not for speed' : null),
    prepare: async ({ plan, table }: PrepareOptions) => {
      checkPlanSize(plan);
      return new ReferenceEngine(plan, table, precision);
    },
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

type ProgramName = 'gradients' | 'evaluation' | 'afterGradients' | 'afterUpdate';

class ReferenceEngine implements Engine {
  readonly backend = 'reference';
  readonly detail: string;
  readonly threads = 1;
  readonly maxSteps = Infinity;

  readonly #plan: Plan;
  /** `w`, `gradient` and the optimizer's states. */
  readonly #arenas: Readonly<Record<string, Float32Array | Float64Array>>;
  readonly #memory: Memory;
  readonly #rows = { count: 0 };
  readonly #fills: readonly { fill: Fill; values: Values }[];
  readonly #programs: Readonly<Record<ProgramName, (() => void)[]>>;
  readonly #updates: readonly {
    run: ReturnType<typeof elementwise>;
    length: number;
    constants: Readonly<Record<string, number>>;
  }[];

  constructor(plan: Plan, table: ExampleTable, precision: Precision) {
    const make = precision === 'float64' ? Float64Array : Float32Array;
    this.#plan = plan;
    this.detail = `plain loops, ${precision}`;
    const names = ['w', 'gradient', ...plan.states];
    this.#arenas = Object.fromEntries(names.map((name) => [name, new make(plan.arena)]));
    this.#memory = new Memory(plan.tensors, plan.batchSize, precision, this.#lent());
    const { values } = this.#memory;
    for (const { tensor, values: given } of plan.constants) values(tensor).set(given);
    this.#fills = plan.feeds.map(({ tensor, source }) => ({
      fill: fillOf(source, sizeOf(tensor.shape), plan, table),
      values: values(tensor)
    }));
    const place = { values, rows: this.#rows };
    const compile = (ops: readonly Op[]) => ops.map((op) => operation(op, place));
    this.#programs = {
      gradients: compile(plan.gradients),
      evaluation: compile(plan.evaluation),
      afterGradients: compile(plan.afterGradients),
      afterUpdate: compile(plan.afterUpdate)
    };
    this.#updates = plan.updates.map(({ formula, constants, from, to }) => ({
      run: elementwise(
        formula,
        Object.fromEntries(names.map((name) => [name, this.#arenas[name]!.subarray(from, to)]))
      ),
      length: to - from,
      constants
    }));
  }

  async train({ steps, rows, counts, firstStep, numbers }: Batches, sums: readonly Float64Array[]): Promise<number> {
    for (let s = 0; s < steps; s++) {
      const step = firstStep + s;
      this.#feed({ rows, at: s * this.#plan.batchSize, count: counts[s]!, step, mode: 'training' });
      this.#run('gradients');
      for (const [measure, sum] of this.#sums().entries()) sums[measure]![s] = sum;
      if (!isFinite(this.#plan, sums, s)) return s;
      this.#run('afterGradients');
      const known = Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, values[s]!]));
      for (const { run, length, constants } of this.#updates) run(length, { ...constants, ...known, t: step });
      this.#run('afterUpdate');
    }
    return steps;
  }

  async evaluate(rows: Int32Array, visit?: Visit): Promise<Float64Array> {
    const { batchSize, heads, measures } = this.#plan;
    const total = new Float64Array(measures.length);
    for (let at = 0; at < rows.length; at += batchSize) {
      const count = Math.min(batchSize, rows.length - at);
      this.#feed({ rows, at, count, step: 0, mode: 'evaluation' });
      this.#run('evaluation');
      for (const [measure, sum] of this.#sums().entries()) total[measure]! += sum;
      visit?.(
        heads.map(({ output }) =>
          Float32Array.from(this.#memory.values(output).subarray(0, count * sizeOf(output.shape)))
        ),
        count
      );
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

  #run(program: ProgramName): void {
    for (const run of this.#programs[program]) run();
  }

  #feed(step: FeedStep): void {
    this.#rows.count = step.count;
    for (const { fill, values } of this.#fills) fill(values, 0, step.count, step);
  }

  #sums(): number[] {
    return this.#plan.measures.map((measure) => sumOf(this.#memory.values(measure), this.#rows.count));
  }

  /** Parameters and gradients are parts of the arenas. */
  #lent(): Map<Tensor, Values> {
    const lent = new Map<Tensor, Values>();
    for (const { value, gradient, at, size } of this.#plan.parameters) {
      lent.set(value, this.#arenas['w']!.subarray(at, at + size));
      lent.set(gradient, this.#arenas['gradient']!.subarray(at, at + size));
    }
    return lent;
  }
}
