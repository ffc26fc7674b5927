/** What `caviar bench` asks of a thread and what it gets back. Types and names only; the workloads themselves are in tasks/bench. */
import type { BackendName } from './run.ts';

export const workloadNames = ['mlp', 'cnn', 'cnn-bn', 'wide', 'tiny'] as const;
export type WorkloadName = (typeof workloadNames)[number];

export interface BenchRequest {
  workloads: readonly WorkloadName[];
  backends: readonly BackendName[];
  /** Compute threads; null: one, and as many as the machine has. */
  threads: number | null;
}

/** One configuration: a workload, an optimizer, a backend and a number of threads. */
export interface BenchMeasurement {
  name: WorkloadName;
  optimizer: string;
  backend: BackendName;
  /** Those that the engine really used: a small network has work for one only. */
  threads: number;
  /** For people: `relaxed SIMD, 2 threads`. */
  detail: string;
  batchSize: number;
  /** Median over the rounds. */
  msPerStep: number;
  /** How much the rounds differ: their interquartile range as a share of the median. */
  spread: number;
  /** Examples trained on in a second. */
  imagesPerSecond: number;
  /** 2 floating-point operations for each multiply-add of a step; see tasks/bench/multiply-adds.ts. */
  gflops: number;
  /** `gflops` as a share of the SIMD peak of all its threads; null where it is not SIMD that computes. */
  shareOfPeak: number | null;
}

export interface BenchResult {
  workloads: BenchMeasurement[];
  /** What one thread reaches at most, with all operands in registers. */
  peak: { gflops: number; instruction: string };
  rounds: number;
}
