/**
 * One thread's part of every step: its shards of the batch up to their gradients, then its range of the update. The engine's own thread
 * is part 0; the others serve until told to stop.
 *
 * A step, with a barrier (|) where all threads meet: part 0 writes the command and its rows | shards | update, and the next step.
 */
import { evaluateUniform, type FoldedFormula } from '../../formula/fold.ts';
import type { Kernels } from '../../kernels/signatures.ts';
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, type MapOp, type Tensor } from '../../plan/program.ts';
import type { ExampleTable } from '../backend.ts';
import { compileMaps, type CompiledMap, type MapRule } from './emit-map.ts';
import { control, type Layout } from './layout.ts';
import { callOf, fuse, ruleOf, type Call, type RowRange } from './steps.ts';

/** What part 0 asks of the others. */
export const Command = { train: 0, evaluate: 1, idle: 2, stop: 3 } as const;
export type Command = (typeof Command)[keyof typeof Command];

/** Long enough to bridge the differences between threads, short enough to leave a busy machine to others. */
const SPINS = 20_000;

export interface PartOptions {
  readonly plan: Plan;
  readonly table: ExampleTable;
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly shared: boolean;
  readonly thread: number;
  readonly threads: number;
}

interface Shard {
  readonly range: RowRange;
  readonly last: number;
  readonly load: Call;
  readonly gradients: readonly Call[];
  readonly evaluation: readonly Call[];
  /** Clears its gradients: what a shard without rows adds. */
  readonly clear: Call;
}

/**
 * x86 processors take tens of times as long over an update that meets subnormal numbers, and it would meet them for good: the moments
 * of a weight whose gradient has become 0 fade into that range and stay there, and squares of tiny gradients lie in it. So gradients too
 * small to matter beside any other count as 0 (their squares, times 1 − β₂, stay normal), and every so many steps subnormal states do.
 */
const SMALLEST_GRADIENT = 2 ** -56;
const SMALLEST_STATE = 2 ** -126;
export const CLEAN_EVERY = 64;

/** The update rule as maps over whole arenas, first as of most steps, then as of every `CLEAN_EVERY`th; `g` sums the shards' gradients. */
export function updateRulesOf({ update, shards }: Plan, { gradientStride }: Layout): [usual: MapRule, clean: MapRule] {
  const { formula, states } = update;
  const pieces = { of: 'g', count: shards, stride: gradientStride };
  const usual = { formula, tensors: ['w', 'g', ...states], add: false, pieces, smallest: { g: SMALLEST_GRADIENT } };
  const stateLimits = Object.fromEntries(states.map((name) => [name, SMALLEST_STATE]));
  return [usual, { ...usual, smallest: { ...usual.smallest, ...stateLimits } }];
}

export class WorkerPart {
  readonly #options: PartOptions;
  readonly #shards: readonly Shard[];
  readonly #words: Int32Array;
  readonly #update: (turn: number) => void;
  readonly #cleanUpdate: (turn: number) => void;

  constructor(options: PartOptions) {
    const { plan, layout, memory, kernels, shared, thread, threads } = options;
    this.#options = options;
    this.#words = new Int32Array(memory.buffer, layout.control, 16);
    const maps = [...plan.gradients, ...plan.evaluation].filter((op): op is MapOp => op.op === 'map');
    const [update, cleanUpdate, ...compiled] = compileMaps(
      [...updateRulesOf(plan, layout), ...maps.map(ruleOf)],
      kernels,
      memory,
      shared
    );
    const mapOf = new Map(maps.map((op, i) => [op, compiled[i]!]));
    const own = Array.from({ length: plan.shards }, (_, s) => s).filter((s) => s % threads === thread);
    this.#shards = own.map((s) => this.#shard(s, (op) => mapOf.get(op)!));
    this.#update = this.#updateCall(update!);
    this.#cleanUpdate = this.#updateCall(cleanUpdate!);
  }

  /** Part 0: gives the others their command, and does its own share of it. */
  lead(command: Command): void {
    this.#words[control.command] = command;
    this.#barrier();
    this.#work(command);
  }

  /** The other parts: until told to stop. */
  serve(): void {
    for (;;) {
      this.#barrier();
      const command = this.#words[control.command] as Command;
      if (command === Command.stop) return;
      this.#work(command);
    }
  }

  /** Ends behind a barrier whatever the command: part 0 must not give the next one before all have read this one. */
  #work(command: Command): void {
    if (command === Command.stop) return;
    const turn = this.#words[control.turn]!;
    const update = this.#words[control.clean] === 1 ? this.#cleanUpdate : this.#update;
    if (command !== Command.idle) this.#computeShards(command);
    this.#barrier();
    if (command === Command.train) update(turn);
  }

  #computeShards(command: Command): void {
    const count = this.#words[control.count]!;
    for (const shard of this.#shards) {
      shard.range.count = Math.max(0, Math.min(shard.last, count) - shard.range.first);
      if (shard.range.count === 0) {
        if (command === Command.train) shard.clear();
        continue;
      }
      shard.load();
      const calls = command === Command.train ? shard.gradients : shard.evaluation;
      for (let i = 0; i < calls.length; i++) calls[i]!();
    }
  }

  #barrier(): void {
    const { kernels, layout, threads } = this.#options;
    if (threads > 1) kernels.barrier(layout.control, threads, SPINS);
  }

  #shard(s: number, map: (op: MapOp) => CompiledMap): Shard {
    const { plan, layout, memory, kernels, thread } = this.#options;
    const first = Math.floor((s * plan.batchSize) / plan.shards);
    const last = Math.floor(((s + 1) * plan.batchSize) / plan.shards);
    const range = { first, count: 0 };
    const gradients = new Set(plan.parameters.map(({ gradient }) => gradient.id));
    const address = (tensor: Tensor): number => {
      if (gradients.has(tensor.id)) return layout.tensors[tensor.id]! + s * layout.gradientStride;
      return layout.tensors[tensor.id]! + (tensor.perExample ? first * sizeOf(tensor.shape) * 4 : 0);
    };
    const context = { kernels, address, range, scratch: layout.scratch[thread]!, map };
    const arena = new Float32Array(memory.buffer, layout.gradients + s * layout.gradientStride, plan.arena);
    return {
      range,
      last,
      load: this.#loadCall(range, address),
      gradients: fuse(plan.gradients).map((step) => callOf(step, context)),
      evaluation: fuse(plan.evaluation).map((step) => callOf(step, context)),
      clear: () => void arena.fill(0)
    };
  }

  /** Fetches the range's examples from the table, as inputs, labels and weights. */
  #loadCall(range: RowRange, address: (tensor: Tensor) => number): Call {
    const { plan, table, layout, memory, kernels } = this.#options;
    const { examples } = table;
    const inputs = sizeOf(plan.inputShape);
    const isBytes = examples instanceof Uint8Array;
    const make = isBytes ? Uint8Array : Float32Array;
    const staging = layout.staging + range.first * inputs * make.BYTES_PER_ELEMENT;
    const stored = new make(memory.buffer, staging, (plan.batchSize - range.first) * inputs);
    const rows = new Int32Array(memory.buffer, layout.rows, plan.batchSize);
    const labels = new Int32Array(memory.buffer, layout.tensors[plan.labels.id], plan.batchSize);
    const weights = new Float32Array(memory.buffer, layout.tensors[plan.weight.id], plan.batchSize);
    const unpack = isBytes ? kernels.unpackBytes : kernels.unpackFloats;
    const x = address(plan.input);
    const copy = copyRows(examples, stored, inputs);
    return () => {
      const weight = 1 / this.#words[control.count]!;
      for (let i = 0; i < range.count; i++) {
        const at = range.first + i;
        const row = rows[at]!;
        copy(row, i);
        labels[at] = table.labels[row]!;
        weights[at] = weight;
      }
      unpack(range.count, inputs, staging, layout.scale, layout.shift, x);
    };
  }

  #updateCall({ run, folded }: CompiledMap): (turn: number) => void {
    const { plan, layout, memory, thread, threads } = this.#options;
    const vectors = plan.arena / 4;
    const from = Math.floor((vectors * thread) / threads) * 4;
    const to = Math.floor((vectors * (thread + 1)) / threads) * 4;
    const addresses = ['w', 'g', ...plan.update.states].map(
      (name) => (name === 'g' ? layout.gradients : layout.arenas[name]!) + from * 4
    );
    const numbers = folded.uniforms.length;
    const uniforms = new Float32Array(memory.buffer, layout.uniforms, 2 * numbers);
    const args = [to - from, ...addresses, ...folded.uniforms.map(() => 0)];
    return (turn) => {
      for (let i = 0; i < numbers; i++) args[1 + addresses.length + i] = uniforms[turn * numbers + i]!;
      run(...args);
    };
  }
}

const wordTypes = [BigInt64Array, Int32Array, Uint8Array] as const;

/** Copies example `row` of the table to place `i` of the staging area, by the largest words that rows consist of. */
function copyRows(
  examples: Uint8Array | Float32Array,
  staging: Uint8Array | Float32Array,
  inputs: number
): (row: number, i: number) => void {
  const bytes = inputs * examples.BYTES_PER_ELEMENT;
  const places = [bytes, examples.byteOffset, staging.byteOffset];
  const Words = wordTypes.find(({ BYTES_PER_ELEMENT }) => places.every((place) => place % BYTES_PER_ELEMENT === 0))!;
  const size = Words.BYTES_PER_ELEMENT;
  // The same type on both sides, whichever it is.
  const [from, to] = [examples, staging].map(
    ({ buffer, byteOffset, byteLength }) => new Words(buffer as ArrayBuffer, byteOffset, Math.floor(byteLength / size))
  ) as [Int32Array, Int32Array];
  const length = bytes / size;
  return (row, i) => {
    const [source, target] = [row * length, i * length];
    for (let j = 0; j < length; j++) to[target + j] = from[source + j]!;
  };
}

/** The numbers of the update rule for one step, computed in float64, kept as float32. */
export function fillUniforms(
  { uniforms }: FoldedFormula,
  target: Float32Array,
  numbers: Readonly<Record<string, number>>
): void {
  for (let i = 0; i < uniforms.length; i++) target[i] = evaluateUniform(uniforms[i]!, numbers);
}
