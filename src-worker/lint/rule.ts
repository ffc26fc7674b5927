/** What a rule of the linter is: advice on an experiment in which nothing is broken, with an example that needs it and one that does not. */
import type { DatasetInfo } from '../contract/dataset.ts';
import type { Experiment } from '../contract/experiment.ts';
import type { Kinded } from '../contract/fields.ts';
import type { Words } from '../contract/words.ts';
import type { Candidate } from '../graph/fixes/mender.ts';
import type { ResolvedLayer } from '../graph/resolve-network.ts';

/** A checked experiment, its layers in order of computation, and what it is trained on. */
export interface Subject {
  readonly experiment: Experiment;
  readonly layers: readonly ResolvedLayer[];
  readonly dataset: DatasetInfo;
}

export interface Advice {
  /** Where the badge sits; null where it concerns no layer. */
  readonly node: string | null;
  /** The setting that it is about; null where it is about several. */
  readonly path: string | null;
  readonly words?: Words;
  /** What follows the advice; the best first. */
  readonly fixes?: readonly Candidate[];
}

/** A chain of layers behind an input of 10-class examples. */
export interface Example {
  readonly layers: readonly Kinded[];
  /** [height, width, channels] or [columns]; 28×28×1 unless it is said. */
  readonly shape?: readonly number[];
  readonly training?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Columns of quantities to predict, in place of the classes. */
  readonly values?: readonly string[];
}

export interface Rule {
  readonly id: string;
  /** In English; the page's catalogues have the same under `lint.<id>`. What is odd, why it matters, what to do. */
  readonly words: { readonly what: string; readonly why: string; readonly remedy: string };
  /** The classic experiment that shows it, where there is one. */
  readonly lesson: string | null;
  readonly bad: Example;
  readonly good: Example;
  find(subject: Subject): readonly Advice[];
}

export const defineRule = (rule: Rule): Rule => rule;

export const dense = (units: number, more: Readonly<Record<string, unknown>> = {}): Kinded => ({
  kind: 'dense',
  units,
  ...more
});
export const kind = (name: string, more: Readonly<Record<string, unknown>> = {}): Kinded => ({ kind: name, ...more });
