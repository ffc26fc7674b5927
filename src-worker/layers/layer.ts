/**
 * What a layer is: its settings, its shape rule, its parameters, and forward and backward passes written as calls on a recorder.
 *
 * A definition is pure: it runs once, when the plan is made. A new layer is one file and one line in table.ts.
 */
import type { ConfigOf, Fields, Kinded } from '../contract/fields.ts';
import type { Refusal } from '../contract/refusal.ts';
import type { Recorder } from '../plan/builder.ts';
import type { Shape, Tensor } from '../plan/program.ts';

export type LayerGroup = 'input' | 'core' | 'activation' | 'normalization' | 'regularization' | 'shape' | 'merge';

/** A calculation written out with its own numbers: `text` is `⌊(28 + 2·1 − 3)/1⌋ + 1`, `value` 28. */
export interface Step {
  readonly text: string;
  readonly value: number;
}

export const isRefusal = (result: Shape | Refusal): result is Refusal => 'why' in result;

/**
 * What a parameter is for: penalties on weights spare biases and scales; a `statistic` does not follow a gradient but is a running
 * average: its "gradient" is the latest value, of which it takes the share `rate`.
 */
export type ParameterRole = 'weight' | 'bias' | 'scale' | 'statistic';

export interface ParameterRule {
  readonly shape: Shape;
  readonly role: ParameterRole;
  /** Of a statistic alone. */
  readonly rate?: number;
  readonly init: Kinded;
  readonly fanIn: number;
  readonly fanOut: number;
  /** The axis of a weight that counts units, whose incoming weights max-norm keeps short; the last unless it is said. */
  readonly unit?: 'first' | 'last';
}

type Named = Readonly<Record<string, Tensor>>;

/** A tensor that a layer keeps for itself, from the forward to the backward pass. */
export interface KeptRule {
  readonly shape: Shape;
  /** One for each example, or one for the batch; unless it is said, for each example. */
  readonly perExample?: boolean;
  /** Filled before every step with ones, in this share, and zeros: the chance in a layer. */
  readonly keep?: number;
}

/**
 * `xs` in the order of the wires; `x` is the first of them, for layers that take one. `weight` (B) is 1/m for the m real examples of
 * the mini-batch and 0 for the others: what a mean over the batch is weighted with. `kept` are the layer's own tensors.
 */
export interface Forward {
  readonly x: Tensor;
  readonly xs: readonly Tensor[];
  readonly y: Tensor;
  readonly weight: Tensor;
  readonly kept: Named;
}
/** A gradient is null where nothing in front of that input learns. */
export interface Backward extends Forward {
  readonly dy: Tensor;
  readonly dx: Tensor | null;
  readonly dxs: readonly (Tensor | null)[];
}

export interface LayerDefinition<F extends Fields = Fields> {
  readonly kind: string;
  readonly group: LayerGroup;
  /** One line of help. */
  readonly help: string;
  readonly config: F;
  /** How many wires may come in. */
  readonly inputs: { readonly min: number; readonly max: number };
  /** y is the same memory as x under another shape: no operations at all. */
  readonly view?: true;
  /** What it computes, for people: TeX, one formula a line. */
  readonly formula?: string;
  /** x are whole numbers from 0 on that stand for so many words: normalizing them would make others of them. */
  readsIds?(config: ConfigOf<F>): number;
  /** Shape of one example's output, the batch axis is implicit; or why it cannot take its inputs, with ways out. */
  outputShape(inputs: readonly Shape[], config: ConfigOf<F>): Shape | Refusal;
  /** How the output shape comes about, where that takes a calculation. */
  outputSteps?(inputs: readonly Shape[], config: ConfigOf<F>): readonly Step[];
  parameters?(inputs: readonly Shape[], config: ConfigOf<F>): Readonly<Record<string, ParameterRule>>;
  /** Multiply-adds of the forward pass of one example. */
  multiplyAdds?(inputs: readonly Shape[], config: ConfigOf<F>): number;
  /** Examples that a mini-batch must have at least; 1 unless it is said. */
  fewestExamples?(inputs: readonly Shape[], config: ConfigOf<F>): number;
  /** The tensors that it keeps, by name. */
  keeps?(inputs: readonly Shape[], config: ConfigOf<F>): Readonly<Record<string, KeptRule>>;
  forward?(record: Recorder, tensors: Forward, parameters: Named, config: ConfigOf<F>): void;
  /** The forward pass outside of training, where it is another. */
  inference?(record: Recorder, tensors: Forward, parameters: Named, config: ConfigOf<F>): void;
  /** Adds to `dx`, or to each of `dxs`, and to the gradient `dW` of each parameter `W`. */
  backward?(record: Recorder, tensors: Backward, parameters: Named, gradients: Named, config: ConfigOf<F>): void;
}

export const defineLayer = <const F extends Fields>(definition: LayerDefinition<F>): LayerDefinition =>
  definition as unknown as LayerDefinition;

export const oneInput = { min: 1, max: 1 } as const;
