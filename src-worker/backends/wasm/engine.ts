/** An engine on WebAssembly: one linear memory, everything in place before the first step, nothing allocated while training. */
import { LabError } from '../../contract/errors.ts';
import { foldFormula } from '../../formula/fold.ts';
import type { Plan } from '../../plan/plan.ts';
import { sizeOf } from '../../plan/program.ts';
import type { Batches, Engine, HelperThread, PrepareOptions, StepSums } from '../backend.ts';
import { loadKernels, type Variant } from './kernels.ts';
import { checkSize, control, GEMM_SCRATCH, layOut, takeMemory, type Layout } from './layout.ts';
import { startHelpers } from './threads.ts';
import { CLEAN_EVERY, Command, fillUniforms, WorkerPart } from './worker-part.ts';

/** Throws: `out_of_memory`. */
export async function prepareEngine(
  { plan, table, host, threads: asked }: PrepareOptions,
  variant: Variant
): Promise<Engine> {
  const threads = host.sharedMemory ? Math.max(1, Math.min(asked || host.cores, plan.shards)) : 1;
  const shared = threads > 1;
  const bytesPerValue = table.examples instanceof Uint8Array ? 1 : 4;
  const options = { bytesPerValue, threads, uniforms: uniformsOf(plan) } as const;
  checkSize(plan, options);
  const layout = layOut(plan, options);
  const memory = takeMemory(layout.end, shared);
  const kernels = loadKernels(memory, variant, shared);
  if (Number(kernels.GEMM_SCRATCH.value) !== GEMM_SCRATCH)
    throw new LabError('internal', 'The compiled kernels need another scratch size.');
  const inputs = sizeOf(plan.inputShape);
  new Float32Array(memory.buffer, layout.scale, inputs).set(table.scale);
  new Float32Array(memory.buffer, layout.shift, inputs).set(table.shift);
  const part = new WorkerPart({ plan, table, layout, memory, kernels, shared, thread: 0, threads });
  const helpers = await startHelpers(host, { plan, table, layout, memory, variant, threads });
  return new WasmEngine({ plan, layout, memory, part, helpers, variant, threads });
}

const uniformsOf = ({ update }: Plan) => foldedUpdate(update).uniforms.length;
const foldedUpdate = ({ formula, states }: Plan['update']) =>
  foldFormula(formula, (name) => ['w', 'g', ...states].includes(name));

interface Parts {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  readonly part: WorkerPart;
  readonly helpers: readonly HelperThread[];
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
  readonly #losses: Float32Array;
  readonly #corrects: Float32Array;
  /** By turns; see `Layout.uniforms`. */
  readonly #uniforms: readonly [Float32Array, Float32Array];
  readonly #folded: ReturnType<typeof foldedUpdate>;
  /** What the update rule's formula may use by name. */
  readonly #numbers: Record<string, number>;

  constructor(parts: Parts) {
    const { plan, layout, memory, variant, threads } = parts;
    const { buffer } = memory;
    this.#parts = parts;
    this.threads = threads;
    this.detail = `${variant === 'relaxed' ? 'relaxed SIMD' : 'SIMD'}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    this.#words = new Int32Array(buffer, layout.control, 16);
    this.#rows = new Int32Array(buffer, layout.rows, plan.batchSize);
    this.#losses = new Float32Array(buffer, layout.tensors[plan.loss.id], plan.batchSize);
    this.#corrects = new Float32Array(buffer, layout.tensors[plan.correct.id], plan.batchSize);
    this.#folded = foldedUpdate(plan.update);
    this.#numbers = { ...plan.update.constants, t: 0, learningRate: 0 };
    const numbers = this.#folded.uniforms.length;
    this.#uniforms = [
      new Float32Array(buffer, layout.uniforms, numbers),
      new Float32Array(buffer, layout.uniforms + 4 * numbers, numbers)
    ];
  }

  async train({ steps, rows, counts, firstStep, learningRates }: Batches, sums: StepSums): Promise<void> {
    const { plan, part } = this.#parts;
    for (let s = 0; s < steps; s++) {
      this.#setRows(rows, s * plan.batchSize, counts[s]!);
      const turn = s % 2;
      this.#words[control.turn] = turn;
      this.#words[control.clean] = (firstStep + s) % CLEAN_EVERY === 0 ? 1 : 0;
      this.#numbers['t'] = firstStep + s;
      this.#numbers['learningRate'] = learningRates[s]!;
      fillUniforms(this.#folded, this.#uniforms[turn]!, this.#numbers);
      part.lead(Command.train);
      sums.loss[s] = sumOf(this.#losses, counts[s]!);
      sums.correct[s] = sumOf(this.#corrects, counts[s]!);
    }
    this.#settle();
  }

  async evaluate(rows: Int32Array): Promise<{ loss: number; correct: number }> {
    const { plan, part } = this.#parts;
    const total = { loss: 0, correct: 0 };
    for (let at = 0; at < rows.length; at += plan.batchSize) {
      const count = Math.min(plan.batchSize, rows.length - at);
      this.#setRows(rows, at, count);
      part.lead(Command.evaluate);
      total.loss += sumOf(this.#losses, count);
      total.correct += sumOf(this.#corrects, count);
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

/** In float64 and in the order of the rows: the same whatever the shards. */
function sumOf(values: Float32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  return sum;
}
