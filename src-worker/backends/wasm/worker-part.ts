/**
 * One thread's part of every step: its shards of the batch up to their gradients, then its range of the update. The engine's own thread
 * is part 0; the others serve until told to stop.
 *
 * A step, with a barrier (|) where all threads meet: part 0 writes the command and its rows | shards | update, and the next step.
 */
import type { Kernels } from '../../kernels/signatures.ts';
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, type MapOp, type ReduceOp, type Tensor } from '../../plan/program.ts';
import type { ExampleTable } from '../backend.ts';
import { sumOf } from '../sums.ts';
import { compileFormulas, compileLoops, type CompiledLoops } from './emit-map.ts';
import { feedCalls, type CurrentStep } from './feeds.ts';
import { control, type Layout } from './layout.ts';
import { callOf, fuse, type Call, type RowRange } from './steps.ts';
import { updateCall, updateMaps } from './updates.ts';

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
  readonly feeds: readonly Call[];
  readonly gradients: readonly Call[];
  readonly evaluation: readonly Call[];
  /** Clears its gradients: what a shard without rows adds. */
  readonly clear: Call;
}

export class WorkerPart {
  readonly #options: PartOptions;
  readonly #step: CurrentStep;
  readonly #shards: readonly Shard[];
  readonly #words: Int32Array;
  /** The loss of each head, of every example. */
  readonly #losses: readonly Float32Array[];
  readonly #update: (turn: number) => void;
  readonly #cleanUpdate: (turn: number) => void;

  constructor(options: PartOptions) {
    const { plan, layout, memory, kernels, shared, thread, threads } = options;
    this.#options = options;
    this.#words = new Int32Array(memory.buffer, layout.control, 16);
    const rows = new Int32Array(memory.buffer, layout.rows, plan.batchSize);
    this.#step = { rows, at: 0, count: 0, step: 0, mode: 'training' };
    this.#losses = plan.heads.map(({ measures }) => {
      const { id } = plan.measures[measures.loss]!;
      return new Float32Array(memory.buffer, layout.tensors[id], plan.batchSize);
    });
    const updates = updateMaps(plan, layout);
    const rules = [...updates.map(({ usual }) => usual), ...updates.map(({ clean }) => clean)];
    const compiled = compileLoops(rules, kernels, memory, shared);
    this.#update = updateCall(options, compiled.slice(0, updates.length));
    this.#cleanUpdate = updateCall(options, compiled.slice(updates.length));
    const loops = compileFormulas([...plan.gradients, ...plan.evaluation], kernels, memory, shared);
    const own = Array.from({ length: plan.shards }, (_, s) => s).filter((s) => s % threads === thread);
    this.#shards = own.map((s) => this.#shard(s, loops));
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
    this.#step.count = this.#words[control.count]!;
    this.#step.step = this.#words[control.step]!;
    this.#step.mode = command === Command.train ? 'training' : 'evaluation';
    if (command !== Command.idle) this.#computeShards(command);
    this.#barrier();
    // Every thread sees the same losses, so all of them agree on whether there is an update.
    if (command === Command.train && this.#areLossesFinite()) update(turn);
  }

  #areLossesFinite(): boolean {
    return this.#losses.every((losses) => Number.isFinite(sumOf(losses, this.#step.count)));
  }

  #computeShards(command: Command): void {
    for (const shard of this.#shards) {
      shard.range.count = Math.max(0, Math.min(shard.last, this.#step.count) - shard.range.first);
      if (shard.range.count === 0) {
        if (command === Command.train) shard.clear();
        continue;
      }
      for (let i = 0; i < shard.feeds.length; i++) shard.feeds[i]!();
      const calls = command === Command.train ? shard.gradients : shard.evaluation;
      for (let i = 0; i < calls.length; i++) calls[i]!();
    }
  }

  #barrier(): void {
    const { kernels, layout, threads } = this.#options;
    if (threads > 1) kernels.barrier(layout.control, threads, SPINS);
  }

  #shard(s: number, loops: (op: MapOp | ReduceOp) => CompiledLoops): Shard {
    const { plan, layout, memory, kernels, thread } = this.#options;
    const first = Math.floor((s * plan.batchSize) / plan.shards);
    const last = Math.floor(((s + 1) * plan.batchSize) / plan.shards);
    const range = { first, count: 0 };
    const gradients = new Set(plan.parameters.map(({ gradient }) => gradient.id));
    const address = (tensor: Tensor): number => {
      if (gradients.has(tensor.id)) return layout.tensors[tensor.id]! + s * layout.gradientStride;
      return layout.tensors[tensor.id]! + (tensor.perExample ? first * sizeOf(tensor.shape) * 4 : 0);
    };
    const context = { kernels, address, range, scratch: layout.scratch[thread]!, loops };
    const arena = new Float32Array(memory.buffer, layout.gradients + s * layout.gradientStride, plan.arena);
    return {
      range,
      last,
      feeds: feedCalls(this.#options, range, this.#step),
      gradients: fuse(plan.gradients).map((step) => callOf(step, context)),
      evaluation: fuse(plan.evaluation).map((step) => callOf(step, context)),
      clear: () => void arena.fill(0)
    };
  }
}
