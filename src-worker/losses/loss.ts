/** What a loss is: its settings, the outputs it can judge, and its operation on a recorder. */
import type { ConfigOf, Fields } from '../contract/fields.ts';
import type { Recorder } from '../plan/builder.ts';
import type { Shape, Tensor } from '../plan/program.ts';

export interface LossTensors {
  readonly logits: Tensor;
  readonly labels: Tensor;
  readonly weight: Tensor;
  readonly loss: Tensor;
  readonly correct: Tensor;
}

export interface LossDefinition<F extends Fields = Fields> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  /** Why it cannot judge an output of this shape for this many classes, or null. */
  refuses(output: Shape, classes: number): { why: string; remedy: string } | null;
  /** Writes loss and correct, and the gradient where `dlogits` is given. */
  record(record: Recorder, tensors: LossTensors & { dlogits: Tensor | null }, config: ConfigOf<F>): void;
}

export const defineLoss = <const F extends Fields>(definition: LossDefinition<F>): LossDefinition =>
  definition as unknown as LossDefinition;
