/**
 * Where everything lies in the one linear memory of an engine: computed from the plan before any memory is taken, the same on every
 * thread. All addresses are bytes.
 */
import { LabError } from '../../contract/errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, type Op } from '../../plan/program.ts';
import { inMib } from '../../plan/size.ts';
import { scratchOf } from './convolution.ts';
import { overlay } from './lifetimes.ts';
import { cutPlan } from './phases.ts';

/** Kept free for the compiled kernels' own data. */
const FIRST = 1 << 16;
export const PAGE = 1 << 16;
/** Scratch of a matrix product; the compiled kernels say the same (checked in engine.ts). */
export const GEMM_SCRATCH = 256 + 4 * 256 * 4 + 256 * 512 * 4;
/** Kernels may read or write vectors that begin before the end of a tensor. */
const SLACK = 64;
/** Whole cache lines; no bit operations, which end at 2³¹. */
const aligned = (bytes: number) => Math.ceil(bytes / 128) * 128;

export interface Layout {
  /** Control words; see `control`. */
  readonly control: number;
  /** The step's mini-batch: row numbers in the example table (int32), batchSize of them. */
  readonly rows: number;
  /**
   * The step's numbers of the update rule (float32), in two places by turns: part 0 writes those of the next step while others may still
   * be updating.
   */
  readonly uniforms: number;
  readonly scale: number;
  readonly shift: number;
  /** Stored examples of the batch, as in the table. */
  readonly staging: number;
  /** Arena of the parameters (`w`) and of each state, by name. */
  readonly arenas: Readonly<Record<string, number>>;
  /** First gradient arena; shard s has its own `gradientStride` bytes further on. */
  readonly gradients: number;
  readonly gradientStride: number;
  /** The sum of all shards' gradients, where something has to be done with it before the update; else the first gradient arena. */
  readonly wholeGradients: number;
  /** Copies of the batch's statistics, one a thread, and the shards' parts of them; see phases.ts. */
  readonly statistics: number;
  readonly statisticStride: number;
  readonly parts: number;
  readonly partStride: number;
  /**
   * By tensor id; gradients of parameters are those of shard 0, passing values of the shards those of thread 0, which has `passingStride`
   * bytes of them. Statistics of the batch are elsewhere.
   */
  readonly tensors: readonly number[];
  readonly passingStride: number;
  /** By thread: zeroed scratch for the kernels. */
  readonly scratch: readonly number[];
  readonly end: number;
}

/** Words (int32) at `Layout.control`. */
export const control = { arrivals: 0, generation: 1, command: 2, count: 3, turn: 4, clean: 5, step: 6 } as const;

export interface LayoutOptions {
  readonly bytesPerValue: 1 | 4;
  readonly threads: number;
  readonly uniforms: number;
}

/** Bytes of scratch a thread needs for any of the operations. */
export const scratchFor = (ops: readonly Op[]) => ops.reduce((most, op) => Math.max(most, scratchOf(op)), GEMM_SCRATCH);

export function layOut(plan: Plan, { bytesPerValue, threads, uniforms }: LayoutOptions): Layout {
  let end = FIRST;
  const take = (bytes: number): number => {
    const at = end;
    end = aligned(at + bytes + SLACK);
    return at;
  };
  const inputs = sizeOf(plan.inputShape);
  const head = {
    control: take(64),
    rows: take(plan.batchSize * 4),
    uniforms: take(2 * uniforms * 4),
    scale: take(inputs * 4),
    shift: take(inputs * 4),
    staging: take(plan.batchSize * inputs * bytesPerValue)
  };
  const arenas = Object.fromEntries(['w', ...plan.states].map((name) => [name, take(plan.arena * 4)]));
  const gradientStride = aligned(plan.arena * 4 + SLACK);
  const gradients = take(gradientStride * plan.shards);
  const cut = cutPlan(plan);
  const [statisticStride, partStride] = [aligned(cut.statisticFloats * 4 + SLACK), aligned(cut.partFloats * 4 + SLACK)];
  const gathered = {
    gradientStride,
    gradients,
    wholeGradients: plan.afterGradients.length > 0 && plan.shards > 1 ? take(plan.arena * 4) : gradients,
    statisticStride,
    statistics: take(statisticStride * threads),
    partStride,
    parts: take(partStride * plan.shards)
  };
  const placed = new Map<number, number>([...cut.statistics.keys()].map((id) => [id, gathered.statistics]));
  for (const { value, gradient, at } of plan.parameters) {
    placed.set(value.id, arenas['w']! + at * 4);
    placed.set(gradient.id, gradients + at * 4);
  }
  const rows = Math.ceil(plan.batchSize / plan.shards);
  const { places, bytes } = overlay(cut.passing, ({ shape }) => aligned(sizeOf(shape) * rows * 4 + SLACK));
  const passing = take(bytes * threads);
  for (const [id, at] of places) placed.set(id, passing + at);
  const tensors = plan.tensors.map(
    (tensor) => placed.get(tensor.id) ?? take(sizeOf(tensor.shape) * (tensor.perExample ? plan.batchSize : 1) * 4)
  );
  const scratchSize = scratchFor([...plan.gradients, ...plan.evaluation]);
  const scratch = Array.from({ length: threads }, () => take(scratchSize));
  return { ...head, arenas, ...gathered, tensors, passingStride: bytes, scratch, end };
}

/** Throws: `out_of_memory` when the system refuses. */
export function takeMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (cause) {
    const message = `${inMib(bytes)} of memory could not be had. Use a smaller batch or close other programs.`;
    throw new LabError('out_of_memory', message, { neededBytes: bytes }, { cause });
  }
}
