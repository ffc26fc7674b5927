/** An engine on WebAssembly: one linear memory, everything in place before the first step, nothing allocated while training. */
import { LabError } from '../../contract/errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, type Tensor } from '../../plan/program.ts';
import { checkSize } from '../../plan/size.ts';
import type { Batches, Engine, HelperThread, PrepareOptions, Visit } from '../backend.ts';
import { isFinite, sumOf } from '../sums.ts';
import { loadKernels, type Variant } from './kernels.ts';
import { control, GEMM_SCRATCH, layOut, takeMemory, type Layout } from './layout.ts';
import { startHelpers } from './threads.ts';
import { CLEAN_EVERY, StepNumbers } from './updates.ts';
import { Command, WorkerPart } from './worker-part.ts';

/** Throws: `out_of_memory`. */
export async function prepareEngine(
  { plan, table, host, threads: asked }: PrepareOptions,
  variant: Variant
): Promise<Engine> {
  const threads = host.sharedMemory ? Math.max(1, Math.min(asked || host.cores, plan.shards)) : 1;
  const shared = threads > 1;
  const bytesPerValue = table.examples instanceof Uint8Array ? 1 : 4;
  const numbers = new StepNumbers(plan);
  const options = { bytesPerValue, threads, uniforms: numbers.count } as const;
  checkSize(plan.batchSize, (batchSize) => layOut({ ...plan, batchSize }, options).end);
  const layout = layOut(plan, options);
  const memory = takeMemory(layout.end, shared);
  const kernels = loadKernels(memory, variant, shared);
  if (Number(kernels.GEMM_SCRATCH.value) !== GEMM_SCRATCH)
    throw new LabError('internal', 'The compiled kernels need another scratch size.');
  const inputs = sizeOf(plan.inputShape);
  new Float32Array(memory.buffer, layout.scale, inputs).set(table.scale);
  new Float32Array(memory.buffer, layout.shift, inputs).set(table.shift);
  for (const { tensor, values } of plan.constants)
    new Float32Array(memory.buffer, layout.tensors[tensor.id], values.length).set(values);
  const part = new WorkerPart({ plan, table, layout, memory, kernels, shared, thread: 0, threads });
  const helpers = await startHelpers(host, { plan, table, layout, memory, variant, threads });
  return new WasmEngine({ plan, layout, memory, part, helpers, numbers, variant, threads });
}

interface Parts {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  readonly part: WorkerPart;
  readonly helpers: readonly HelperThread[];
  readonly numbers: StepNumbers;
  readonly variant: Variant;
  readonly threads: number;
}

class WasmEngine implements Engine {
  readonly backend = 'wasm';
  readonly detail: string;
  readonly threads: number;
  readonly maxSteps = Infinity;

  readonly #parts: Parts;
  readonly #words: Int32Array;
  readonly #rows: Int32Array;
  readonly #measures: readonly Float32Array[];
  readonly #outputs: readonly { values: Float32Array; size: number }[];
  /** By turns; see `Layout.uniforms`. */
  readonly #uniforms: readonly [Float32Array, Float32Array];

  constructor(parts: Parts) {
    const { plan, layout, memory, variant, threads } = parts;
    const { buffer } = memory;
    this.#parts = parts;
    this.threads = threads;
    this.detail = `${variant === 'relaxed' ? 'relaxed SIMD' : 'SIMD'}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    this.#words = new Int32Array(buffer, layout.control, 16);
    this.#rows = new Int32Array(buffer, layout.rows, plan.batchSize);
    const view = ({ id }: Tensor, size: number) => new Float32Array(buffer, layout.tensors[id], plan.batchSize * size);
    this.#measures = plan.measures.map((measure) => view(measure, 1));
    this.#outputs = plan.heads.map(({ output }) => {
      const size = sizeOf(output.shape);
      return { values: view(output, size), size };
    });
    const { count } = parts.numbers;
    this.#uniforms = [
      new Float32Array(buffer, layout.uniforms, count),
      new Float32Array(buffer, layout.uniforms + 4 * count, count)
    ];
  }

  async train({ steps, rows, counts, firstStep, numbers }: Batches, sums: readonly Float64Array[]): Promise<number> {
    const { plan, part } = this.#parts;
    let done = 0;
    for (; done < steps; done++) {
      const step = firstStep + done;
      this.#setRows(rows, done * plan.batchSize, counts[done]!);
      const turn = done % 2;
      this.#words[control.turn] = turn;
      this.#words[control.step] = step;
      this.#words[control.clean] = step % CLEAN_EVERY === 0 ? 1 : 0;
      this.#parts.numbers.fill(this.#uniforms[turn]!, step, numbers, done);
      part.lead(Command.train);
      for (let m = 0; m < sums.length; m++) sums[m]![done] = sumOf(this.#measures[m]!, counts[done]!);
      // The threads have seen the same, and have not updated.
      if (!isFinite(plan, sums, done)) break;
    }
    this.#settle();
    return done;
  }

  async evaluate(rows: Int32Array, visit?: Visit): Promise<Float64Array> {
    const { plan, part } = this.#parts;
    const total = new Float64Array(plan.measures.length);
    for (let at = 0; at < rows.length; at += plan.batchSize) {
      const count = Math.min(plan.batchSize, rows.length - at);
      this.#setRows(rows, at, count);
      part.lead(Command.evaluate);
      for (let m = 0; m < total.length; m++) total[m]! += sumOf(this.#measures[m]!, count);
      visit?.(
        this.#outputs.map(({ values, size }) => values.subarray(0, count * size)),
        count
      );
    }
    return total;
  }

  async read(arena: string): Promise<Float32Array> {
    return this.#arena(arena).slice();
  }

  async write(arena: string, values: Float32Array): Promise<void> {
    this.#arena(arena).set(values);
  }

  async close(): Promise<void> {
    const { part, helpers } = this.#parts;
    part.lead(Command.stop);
    await Promise.all(helpers.map((helper) => helper.terminate()));
  }

  #setRows(rows: Int32Array, at: number, count: number): void {
    for (let i = 0; i < count; i++) this.#rows[i] = rows[at + i]!;
    this.#words[control.count] = count;
  }

  /** Until the others have finished their part of the last update. */
  #settle(): void {
    if (this.threads > 1) this.#parts.part.lead(Command.idle);
  }

  /** A copy out of shared memory is an ordinary array again. */
  #arena(name: string): Float32Array {
    const { layout, memory, plan } = this.#parts;
    return new Float32Array(memory.buffer, layout.arenas[name], plan.arena);
  }
}
