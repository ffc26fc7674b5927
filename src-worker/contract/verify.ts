/** What `caviar verify` and `caviar gradcheck` ask of a thread and what they get back. Types and names only; the work is in verify/. */
import type { Dataset } from './dataset.ts';
import type { Experiment } from './experiment.ts';
import { backendNames } from './run.ts';

/** Every backend, and the builds of one by themselves. */
export const verifiedBackends = [...backendNames, 'wasm-simd', 'wasm-relaxed'] as const;
export type VerifiedBackend = (typeof verifiedBackends)[number];

export interface VerifyRequest {
  files: readonly {
    /** `losses.json` */
    file: string;
    text: string;
    /** How many cases it should have; null: any number. */
    cases: number | null;
  }[];
  backend: VerifiedBackend;
  /** Compute threads of engines. */
  threads: number;
}

export type VerifyResult = CaseResult[];

/** An expected value that was missed. */
export interface Mismatch {
  readonly output: string;
  /** Largest |got − expected| in units of the tolerance there; null where a value is not a number or should be exact. */
  readonly worst: number | null;
  /** Where that is. */
  readonly at: number;
  readonly got: number;
  readonly expected: number;
}

interface CaseName {
  readonly file: string;
  readonly name: string;
  readonly kind: string;
}

export type CaseResult = CaseName &
  (
    | { readonly status: 'passed'; readonly worst: number }
    | {
        readonly status: 'failed';
        readonly worst: number | null;
        /** The farthest off first. */
        readonly mismatches: readonly Mismatch[];
        /** What went wrong where the case could not be run to its end. */
        readonly error: string | null;
      }
    | { readonly status: 'unsupported'; readonly why: string }
  );

export interface GradcheckRequest {
  experiment: Experiment;
  dataset: Dataset;
  /** Training examples that make up the mini-batch. */
  examples: number;
  /** Elements of a parameter that are tried at most. */
  samples: number;
  /** h of the central differences. */
  step: number;
}

/** A parameter whose backward pass was compared with central differences. */
export interface TensorCheck {
  /** `h1.W` */
  readonly name: string;
  readonly node: string;
  readonly size: number;
  readonly checked: number;
  /** Of the checked ones: elements whose steps cross a kink. They are left out of the error. */
  readonly kinks: number;
  /** ‖numeric − analytic‖ / (‖numeric‖ + ‖analytic‖) */
  readonly error: number;
  /** The element that is farthest off. */
  readonly worst: { readonly index: number; readonly numeric: number; readonly analytic: number } | null;
  readonly passed: boolean;
}

export interface GradcheckResult {
  readonly step: number;
  /** An error below this is good. */
  readonly limit: number;
  readonly loss: number;
  /** Over all checked elements together. */
  readonly error: number;
  readonly tensors: readonly TensorCheck[];
  readonly passed: boolean;
}
