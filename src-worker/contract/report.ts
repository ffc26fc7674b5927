/** What is known of an experiment while it is being built: for the canvas, and for `caviar check`. */
import type { Experiment } from './experiment.ts';
import type { Kinded } from './fields.ts';
import type { Fix, Problem } from './problems.ts';
import type { Words } from './words.ts';

/** Axes of one example, without the batch. */
type Shape = readonly number[];

export interface LayerReport {
  readonly id: string;
  readonly kind: string;
  /** Ids of the layers that feed it, in the order of its inputs. */
  readonly from: readonly string[];
  /** Settings with defaults filled in, in the order of the definition. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /** By name: `W`, `b`. */
  readonly parameterShapes: Readonly<Record<string, Shape>>;
  readonly parameters: number;
  /** Of one example's forward pass. */
  readonly multiplyAdds: number;
}

/** An advice: nothing is broken, but people who know would do otherwise. */
export interface LintFinding {
  readonly rule: string;
  /** Where the badge sits; null where it concerns no layer. */
  readonly node: string | null;
  /** The setting that it is about; null where it is about several. */
  readonly path: string | null;
  /** What the rule's words (`lint.<rule>.what`, `.why`, `.remedy`) leave open. */
  readonly words: Words;
  /** In English, whole: what, why and what to do. */
  readonly message: string;
  /** The classic experiment that shows it, where there is one. */
  readonly lesson: string | null;
  readonly fixes: readonly Fix[];
}

export interface Report {
  /** With every default filled in; null as long as there are problems. */
  readonly experiment: Experiment | null;
  /** The first broken layer in the direction of the data comes first. */
  readonly problems: readonly Problem[];
  /** Advice; only where nothing is broken in the network. */
  readonly lint: readonly LintFinding[];
  /** In order of computation, as far as shapes are known. */
  readonly layers: readonly LayerReport[];
  /** Layers whose shape is not known because of one before them, and which that is. */
  readonly waiting: readonly { readonly id: string; readonly for: string }[];
  /** The layers that nothing follows, and what judges them. */
  readonly outputs: readonly { readonly node: string; readonly loss: Kinded }[];
  /** Of the layers that are known. */
  readonly parameters: number;
  readonly multiplyAdds: number;
  /** Bytes that training takes on one thread, worked out when it is read; null where it cannot be told. */
  readonly memoryBytes: number | null;
}
