/** What a loss is: its settings, the outputs it can judge, and its operations on a recorder. */
import type { ConfigOf, Fields } from '../contract/fields.ts';
import type { Refusal } from '../contract/refusal.ts';
import type { Recorder } from '../plan/builder.ts';
import type { FeedSource, MeasureName, Target } from '../plan/plan.ts';
import type { Shape, Tensor } from '../plan/program.ts';

export interface LossTensors {
  /** The output z that is judged. */
  readonly z: Tensor;
  /** 1/m for the m real examples of the mini-batch, 0 for rows that only fill it up. */
  readonly weight: Tensor;
  /** Written for each example; the mean loss of a batch is Σ loss / Σ mass. */
  readonly loss: Tensor;
  /** Gradient of share · mean loss, which is added; null where only the loss is wanted. */
  readonly dz: Tensor | null;
}

/** What a loss may ask for while it records. The same name or source gives the same tensor. */
export interface LossContext {
  readonly target: Target;
  /** Share of this loss in the sum of all. */
  readonly share: number;
  /** Training examples may be mixed from two, so that their class is not one. */
  readonly isMixed: boolean;
  /** Another output is the same memory, so that several losses add to dz. */
  readonly isShared: boolean;
  /** A tensor that the engine fills before each step. */
  feed(source: FeedSource): Tensor;
  /** One value an example that it writes besides the loss; see Head.measures for what holds where it does not. */
  measure(name: Exclude<MeasureName, 'loss'>): Tensor;
  /** A tensor to work with. */
  scratch(name: string, shape: Shape, options?: { perExample: boolean }): Tensor;
  /** A tensor of all examples whose values never change. */
  constant(name: string, values: readonly number[]): Tensor;
}

export interface LossDefinition<F extends Fields = Fields> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  /** An output above this says yes, where a single output answers yes or no. */
  readonly yes: number;
  /** Why it cannot judge an output of this shape against this target, or null. */
  refuses(output: Shape, target: Target, config: ConfigOf<F>): Refusal | null;
  record(record: Recorder, tensors: LossTensors, config: ConfigOf<F>, context: LossContext): void;
}

export const defineLoss = <const F extends Fields>(definition: LossDefinition<F>): LossDefinition =>
  definition as unknown as LossDefinition;
