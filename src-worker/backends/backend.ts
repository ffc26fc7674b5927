/**
 * What every backend can do: compile a plan and train with it.
 *
 * A backend is not a tensor library: there are no operations at run time, no shapes to check, no memory to manage. It gets a finished
 * plan and returns an engine with every buffer in place. Called by the training loop, `choose` and the conformance suites.
 */
import type { BackendName } from '../contract/run.ts';
import type { Plan } from '../plan/plan.ts';
import type { Program, Tensor } from '../plan/program.ts';

/** All examples a run may touch, by row: training set first, test set behind it; see contract/dataset.ts. */
export interface ExampleTable {
  readonly examples: Uint8Array | Float32Array;
  readonly labels: Uint8Array;
  /** Shape (examples, target columns), row-major, as they are learned (see data/normalize-targets.ts); NaN: missing. */
  readonly values: Float32Array;
  /** Input value i of an example = stored value i · scale[i] + shift[i]. */
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** Consecutive mini-batches. `rows` holds batchSize row numbers a step; the last `batchSize − counts[s]` of step s are ignored. */
export interface Batches {
  readonly steps: number;
  readonly rows: Int32Array;
  /** Real examples of each step, 1 … batchSize. */
  readonly counts: Int32Array;
  /** Number of the first step, counted from 1 over the whole run (Adam's t). */
  readonly firstStep: number;
  /** What the update rules know by name besides their constants and t, one value a step: `learningRate`, and what the optimizer adds. */
  readonly numbers: Readonly<Record<string, Float64Array>>;
}

/** The outputs of one mini-batch: `outputs[h]` holds `count` rows of head h, valid during the call. */
export type Visit = (outputs: readonly Float32Array[], count: number) => void;

export interface Engine {
  readonly backend: BackendName;
  /** For people: `relaxed SIMD, 2 threads`, or the GPU's name. */
  readonly detail: string;
  readonly threads: number;
  /** How many steps a call of `train` takes at most; a GPU pipeline has a fixed number compiled in. */
  readonly maxSteps: number;
  /** A call of `train` takes as long whatever its number of steps: better fill it. Absent where time grows with the steps. */
  readonly constantCost?: boolean;
  /**
   * Trains on the mini-batches in order and writes, for every measure of the plan, its sum over the examples of each step, taken before
   * its update: `sums[measure][step]`, float64, in the order of the rows.
   *
   * Answers how many steps it has done. It ends before the update of the first step whose loss is not finite: the sums have that step
   * too, the parameters and states are those from before it.
   *
   * Throws: `backend_unavailable` where the device is lost, at any call. `read` then answers with the arenas as they were before the call
   * that failed, or throws as well: see train/failover.ts.
   */
  train(batches: Batches, sums: readonly Float64Array[]): Promise<number>;
  /** The sums of every measure over the given rows (any number of them) with the current parameters, in inference mode. */
  evaluate(rows: Int32Array, visit?: Visit): Promise<Float64Array>;
  /** A copy of one arena: `w`, the parameters, or one of `plan.states`. Layout: `plan.arena`. */
  read(arena: string): Promise<Float32Array>;
  write(arena: string, values: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/** Another thread over the same memory; the entries know how to start one (see runner.ts). */
export interface HelperThread {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Its script does not load, a message cannot be read, or it has died. */
  onError(listener: (error: Error) => void): void;
  terminate(): Promise<void>;
}

/** What a backend may need from its surroundings. */
export interface BackendHost {
  /** Threads of this machine. */
  readonly cores: number;
  /** SharedArrayBuffer can be used. */
  readonly sharedMemory: boolean;
  startHelper(): HelperThread;
  nowMs(): number;
}

export interface PrepareOptions {
  readonly plan: Plan;
  readonly table: ExampleTable;
  readonly host: BackendHost;
  /** 0: as many as help. */
  readonly threads: number;
}

export interface Backend {
  readonly name: BackendName;
  /** null when it can run here, else why not, in a sentence. `auto`: also refuse what must never be picked (a software GPU). */
  unavailable(purpose: 'auto' | 'asked'): Promise<string | null>;
  /** Throws: `backend_unavailable`, `out_of_memory`. */
  prepare(options: PrepareOptions): Promise<Engine>;
  /** Runs a program once on the given tensors (batch of `program.batchSize`) and returns what it wrote. For tests and previews. */
  run(
    program: Program,
    inputs: ReadonlyMap<Tensor, ArrayLike<number>>
  ): Promise<Map<Tensor, Float32Array | Float64Array>>;
}
