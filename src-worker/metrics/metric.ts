/**
 * What a metric is: a number read off a tally of right and wrong, or of errors, that grows with every mini-batch of an evaluation.
 *
 * Metrics never see a gradient; what is learned from is a loss.
 */
import type { TermCode } from '../contract/term-words.ts';
import type { ConfigOf, Fields } from '../contract/fields.ts';
import type { Refusal } from '../contract/refusal.ts';
import type { Target } from '../plan/plan.ts';

/** The output that is judged. */
export interface Subject {
  readonly target: Target;
  /** Values of an output, for one example. */
  readonly width: number;
  /** An output above this says yes. */
  readonly yes: number;
}

/** Outputs of a mini-batch beside what they should be. */
export interface JudgedBatch {
  readonly count: number;
  /** Shape (count, width): as the last layer gives them, before softmax or sigmoid; quantities in their own units. */
  readonly outputs: ArrayLike<number>;
  /** The class of each example; 0 where there are no classes. */
  readonly labels: Uint8Array;
  /** Shape (count, columns of the target), NaN: not known. Empty where the target is a class. */
  readonly values: ArrayLike<number>;
}

/** What metrics count up: several may read the same one. */
export interface Tally {
  add(batch: JudgedBatch): void;
}

export interface TallyKind<T extends Tally = Tally> {
  new (subject: Subject): T;
  /** Whether such a target can be counted up like this. */
  fits(target: Target): boolean;
  /** What it judges, as messages say it. */
  readonly judges: TermCode;
}

export interface MetricDefinition<F extends Fields = Fields, T extends Tally = Tally> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  readonly better: 'higher' | 'lower';
  /** A share of one reads as a percentage. */
  readonly unit: 'share' | 'number';
  readonly tally: TallyKind<T>;
  /** Settings that keep two of a kind apart, for its name: `5` in `top-k:5`. */
  variant?(config: ConfigOf<F>): string | null;
  /** Why these settings do not go with this output, or null. */
  refuses?(subject: Subject, config: ConfigOf<F>): Refusal | null;
  /** null where nothing has been counted that it could be read off. */
  value(tally: T, config: ConfigOf<F>): number | null;
}

export const defineMetric = <const F extends Fields, T extends Tally>(
  definition: MetricDefinition<F, T>
): MetricDefinition => definition as unknown as MetricDefinition;
