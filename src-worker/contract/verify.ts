/** What `caviar verify` and `caviar gradcheck` ask of a thread and what they get back. Types only; the work is in verify/. */

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
  /** `losses.json` */
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
        readonly mismatches: readonly Mismatch[];
        /** What went wrong where the case could not be run to its end. */
        readonly error: string | null;
      }
    | { readonly status: 'unsupported'; readonly why: string }
  );
