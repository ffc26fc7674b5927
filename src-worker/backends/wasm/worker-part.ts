/**
 * One thread's part of every step: its shards of the batch up to their gradients, then its range of the update. The engine's own thread
 * is part 0; the others serve until told to stop.
 *
 * A step, with a barrier (|) where all threads meet: part 0 writes the command and its rows | shards | update, and the next step. Shards
 * meet more often where there are statistics of the batch (phases.ts). Where whole gradients are asked for, it goes on after the shards
 * as: whole gradients | part 0 runs the program over them | update; and where the new parameters are: | part 0 runs that program.
 */
import type { Kernels } from '../../kernels/signatures.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Op, Tensor } from '../../plan/program.ts';
import type { ExampleTable } from '../backend.ts';
import { sumOf } from '../sums.ts';
import { compileFormulas, compileLoops } from './emit-map.ts';
import { feedCalls, type CurrentStep } from './feeds.ts';
import { opOf } from './fuse.ts';
import { control, type Layout } from './layout.ts';
import { PartProgram, type Shard } from './part-program.ts';
import { cutPlan, type Phase } from './phases.ts';
import { callAll, callOf, type Call } from './steps.ts';
import { updateCall, updateMaps, wholeCall, wholeRule } from './updates.ts';

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

/** What is done between the shards and the next step, by way of the arenas. */
interface Updating {
  readonly addUp: Call | null;
  /** Of part 0. */
  readonly afterGradients: readonly Call[];
  readonly usual: (turn: number) => void;
  readonly clean: (turn: number) => void;
  readonly afterUpdate: readonly Call[];
}

export class WorkerPart {
  readonly #options: PartOptions;
  readonly #step: CurrentStep;
  readonly #shards: readonly Shard[];
  readonly #gradients: PartProgram;
  readonly #evaluation: PartProgram;
  readonly #updating: Updating;
  readonly #words: Int32Array;
  /** The loss of each head, of every example. */
  readonly #losses: readonly Float32Array[];
  readonly #barrier: Call;

  constructor(options: PartOptions) {
    const { plan, layout, memory, kernels, shared, threads } = options;
    this.#options = options;
    this.#barrier = threads > 1 ? () => kernels.barrier(layout.control, threads, SPINS) : () => undefined;
    this.#words = new Int32Array(memory.buffer, layout.control, 16);
    const rows = new Int32Array(memory.buffer, layout.rows, plan.batchSize);
    this.#step = { rows, at: 0, count: 0, step: 0, mode: 'training' };
    this.#losses = plan.heads.map(({ measures }) => {
      const { id } = plan.measures[measures.loss]!;
      return new Float32Array(memory.buffer, layout.tensors[id], plan.batchSize);
    });
    this.#shards = this.#ownShards();
    const cut = cutPlan(plan);
    const loops = compileFormulas([...opsOf(cut.gradients), ...opsOf(cut.evaluation)], kernels, memory, shared);
    const parts = { ...options, cut, shards: this.#shards, loops };
    this.#gradients = new PartProgram(cut.gradients, parts);
    this.#evaluation = new PartProgram(cut.evaluation, parts);
    this.#updating = this.#prepareUpdating();
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
    const isClean = this.#words[control.clean] === 1;
    this.#step.count = this.#words[control.count]!;
    this.#step.step = this.#words[control.step]!;
    this.#step.mode = command === Command.train ? 'training' : 'evaluation';
    if (command !== Command.idle) this.#computeShards(command);
    this.#barrier();
    // Every thread sees the same losses, so all of them agree on whether there is an update.
    if (command === Command.train && this.#areLossesFinite()) this.#update(turn, isClean);
  }

  #areLossesFinite(): boolean {
    return this.#losses.every((losses) => Number.isFinite(sumOf(losses, this.#step.count)));
  }

  #computeShards(command: Command): void {
    for (const { range, last, gradients } of this.#shards) {
      range.count = Math.max(0, Math.min(last, this.#step.count) - range.first);
      // A shard without rows adds nothing to the gradients.
      if (range.count === 0 && command === Command.train) gradients.fill(0);
    }
    (command === Command.train ? this.#gradients : this.#evaluation).run(this.#barrier);
  }

  #update(turn: number, isClean: boolean): void {
    const { plan, thread } = this.#options;
    const { addUp, afterGradients, usual, clean, afterUpdate } = this.#updating;
    if (plan.afterGradients.length > 0) {
      addUp?.();
      this.#barrier();
      if (thread === 0) callAll(afterGradients);
      this.#barrier();
    }
    (isClean ? clean : usual)(turn);
    if (plan.afterUpdate.length === 0) return;
    this.#barrier();
    if (thread === 0) callAll(afterUpdate);
  }

  #ownShards(): Shard[] {
    const { plan, layout, memory, thread, threads } = this.#options;
    const all = Array.from({ length: plan.shards }, (_, number) => number);
    return all
      .filter((number) => number % threads === thread)
      .map((number) => {
        const first = Math.floor((number * plan.batchSize) / plan.shards);
        const last = Math.floor(((number + 1) * plan.batchSize) / plan.shards);
        const range = { first, count: 0 };
        const at = layout.gradients + number * layout.gradientStride;
        const gradients = new Float32Array(memory.buffer, at, plan.arena);
        return { number, range, last, gradients, feeds: feedCalls(this.#options, range, this.#step) };
      });
  }

  #prepareUpdating(): Updating {
    const { plan, layout, kernels, memory, shared } = this.#options;
    const updates = updateMaps(plan, layout);
    const rules = [...updates.map(({ usual }) => usual), ...updates.map(({ clean }) => clean), wholeRule(plan, layout)];
    const compiled = compileLoops(rules, kernels, memory, shared);
    return {
      addUp: wholeCall(this.#options, compiled.at(-1)!),
      afterGradients: this.#wholeCalls(plan.afterGradients),
      usual: updateCall(this.#options, compiled.slice(0, updates.length)),
      clean: updateCall(this.#options, compiled.slice(updates.length, -1)),
      afterUpdate: this.#wholeCalls(plan.afterUpdate)
    };
  }

  /** Operations over whole arenas, on one thread. */
  #wholeCalls(ops: readonly Op[]): Call[] {
    const { plan, layout, kernels, memory, shared, thread } = this.#options;
    const gradients = new Set(plan.parameters.map(({ gradient }) => gradient.id));
    const address = ({ id }: Tensor): number =>
      layout.tensors[id]! + (gradients.has(id) ? layout.wholeGradients - layout.gradients : 0);
    const loops = compileFormulas(ops, kernels, memory, shared);
    const range = { first: 0, count: 1 };
    return ops.map((op) => callOf(op, { kernels, address, range, scratch: layout.scratch[thread]!, loops }));
  }
}

const opsOf = (phases: readonly Phase[]): Op[] =>
  phases.flatMap(({ segments }) =>
    segments.flatMap(({ rules, shards }) => [...rules, ...shards.map(({ step }) => step)].map(opOf))
  );
