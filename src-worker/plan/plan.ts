/**
 * The plan of a run: the network and its training settings as programs over tensors, every tensor known before the first step.
 *
 * A plan is pure data made from the experiment and the shape of its dataset, the same on every thread and machine.
 */
import type { Kinded } from '../contract/fields.ts';
import type { Formula } from '../formula/parse.ts';
import type { ParameterRole } from '../layers/layer.ts';
import type { Op, Shape, Tensor } from './program.ts';

/** A learned tensor and its place, in floats, in each arena (parameters, gradients, optimizer states). */
export interface Parameter {
  /** `h1.W` */
  readonly name: string;
  readonly node: string;
  readonly role: ParameterRole;
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly at: number;
  readonly size: number;
  readonly shape: Shape;
  readonly init: Kinded;
  readonly fanIn: number;
  readonly fanOut: number;
  /** See ParameterRule. */
  readonly unit?: 'first' | 'last';
}

/**
 * The update rule of a run of parameters as a formula over arenas: it reads `w`, `gradient` and the states, and writes `w` and the
 * states. Free names besides those are numbers: `constants`, `t` (the step, from 1), and what changes from step to step
 * (`Batches.numbers`, among them `learningRate`).
 */
export interface UpdateRule {
  readonly formula: Formula;
  readonly constants: Readonly<Record<string, number>>;
  /** Floats of the arenas that it updates: whole SIMD vectors, every rule behind the one before. */
  readonly from: number;
  readonly to: number;
}

/** What a tensor is filled with before a step; see backends/feed.ts. */
export type FeedSource =
  | { readonly kind: 'example' }
  /** The class number, as int32; or as a float32. */
  | { readonly kind: 'label' }
  | { readonly kind: 'label-value' }
  /** 1 at the class, 0 elsewhere; shares of two classes where examples are mixed. */
  | { readonly kind: 'one-hot' }
  /** Values of the dataset's columns, 0 where one is missing; and 1 where it is known, else 0. */
  | { readonly kind: 'values'; readonly columns: readonly number[] }
  | { readonly kind: 'present'; readonly columns: readonly number[] }
  /** 1/m for the m real examples of a mini-batch, 0 for rows that only fill it up. */
  | { readonly kind: 'weight' }
  /** Ones with probability `keep`, else zeros, drawn from `stream`, anew in every step. Not filled for evaluation. */
  | { readonly kind: 'mask'; readonly keep: number; readonly stream: string };

export interface Feed {
  readonly tensor: Tensor;
  readonly source: FeedSource;
}

/** What an output is judged against. */
export type Target =
  | { readonly kind: 'class'; readonly classes: number }
  | {
      readonly kind: 'values';
      /** Numbers of the dataset's value columns. */
      readonly columns: readonly number[];
      /** All columns are yes or no; only such may have gaps. */
      readonly isYesOrNo: boolean;
      readonly mayMiss: boolean;
    };

/** What a loss may write for each example: see `Head.measures`. */
export type MeasureName = 'loss' | 'mass' | 'correct' | 'judged';

/** An output of the network with its loss. Numbers of measures are positions in `Plan.measures`. */
export interface Head {
  /** The node whose output it judges. */
  readonly node: string;
  readonly output: Tensor;
  readonly loss: Kinded;
  readonly target: Target;
  /** An output above this says yes, where a single output answers yes or no. */
  readonly yes: number;
  /** Share in the whole loss: Σ over the heads of share · Σ loss / Σ mass. */
  readonly share: number;
  readonly measures: {
    readonly loss: number;
    /** What the loss is divided by (class weights, labels that are known); null: the number of examples. */
    readonly mass: number | null;
    /** Right answers; null where there is no right or wrong. */
    readonly correct: number | null;
    /** How many answers were asked for; null: one an example. */
    readonly judged: number | null;
  };
}

export interface Plan {
  readonly seed: number;
  readonly batchSize: number;
  readonly inputShape: Shape;
  readonly classes: number;
  /** Value columns of the dataset, used or not. */
  readonly valueColumns: number;
  readonly tensors: readonly Tensor[];
  /** Filled before each step, the examples first. */
  readonly feeds: readonly Feed[];
  /** Changes of the training examples on their way in (augment/table.ts). */
  readonly augment: readonly Kinded[];
  /** Tensors whose values never change. */
  readonly constants: readonly { readonly tensor: Tensor; readonly values: readonly number[] }[];
  readonly input: Tensor;
  readonly weight: Tensor;
  readonly heads: readonly Head[];
  /** Written by the losses, one value per example; engines sum each over the examples of a step. */
  readonly measures: readonly Tensor[];
  /** One training step up to the gradients. */
  readonly gradients: readonly Op[];
  /** Forward pass and loss alone, layers in inference mode. */
  readonly evaluation: readonly Op[];
  /** Over the whole gradients, before the update: clipping. */
  readonly afterGradients: readonly Op[];
  /** Over the parameters, behind the update: max-norm. */
  readonly afterUpdate: readonly Op[];
  readonly parameters: readonly Parameter[];
  /** Floats in each arena; parameters lie one after another, each start a multiple of 4, the gaps zero. */
  readonly arena: number;
  /** Arenas of the optimizer, zero at first. */
  readonly states: readonly string[];
  readonly updates: readonly UpdateRule[];
  /**
   * The batch is cut into this many runs of rows, whatever the number of threads: shard s has rows
   * ⌊s·B/S⌋ … ⌊(s+1)·B/S⌋ and its own gradients, added in the order of the shards. So the bits do not depend on the threads.
   */
  readonly shards: number;
  /** Multiply-adds of one forward pass of one example. */
  readonly multiplyAdds: number;
}
