/**
 * The plan of a run: the network and its training settings as programs over tensors, every tensor known before the first step.
 *
 * A plan is pure data made from the experiment and the shape of its dataset, the same on every thread and machine.
 */
import type { Kinded } from '../contract/fields.ts';
import type { Formula } from '../formula/parse.ts';
import type { Op, Shape, Tensor } from './program.ts';

/** A learned tensor and its place, in floats, in each arena (parameters, gradients, optimizer states). */
export interface Parameter {
  /** `h1.W` */
  readonly name: string;
  readonly node: string;
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly at: number;
  readonly size: number;
  readonly shape: Shape;
  readonly init: Kinded;
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The update rule as a formula over whole arenas: it reads `w`, `g` (gradient) and the states, and writes `w` and the states.
 * Free names besides those are numbers: `constants`, and `t` (the step, from 1) and `learningRate`, which change from step to step.
 */
export interface UpdateRule {
  readonly formula: Formula;
  readonly states: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
}

export interface Plan {
  readonly batchSize: number;
  readonly inputShape: Shape;
  readonly classes: number;
  readonly tensors: readonly Tensor[];
  /** Filled from the example table before each step. */
  readonly input: Tensor;
  readonly labels: Tensor;
  /** Weight of each example in the gradient; see SoftmaxCrossEntropyOp. */
  readonly weight: Tensor;
  /** Written by the loss: one value per example. */
  readonly loss: Tensor;
  readonly correct: Tensor;
  readonly logits: Tensor;
  /** One training step up to the gradients. */
  readonly gradients: readonly Op[];
  /** Forward pass and loss alone, layers in inference mode. */
  readonly evaluation: readonly Op[];
  readonly parameters: readonly Parameter[];
  /** Floats in each arena; parameters lie one after another, each start a multiple of 4, the gaps zero. */
  readonly arena: number;
  readonly update: UpdateRule;
  /**
   * The batch is cut into this many runs of rows, whatever the number of threads: shard s has rows
   * ⌊s·B/S⌋ … ⌊(s+1)·B/S⌋ and its own gradients, added in the order of the shards. So the bits do not depend on the threads.
   */
  readonly shards: number;
  /** Multiply-adds of one forward pass of one example. */
  readonly multiplyAdds: number;
}
