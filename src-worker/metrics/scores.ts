/** Precision, recall and F1: of one item, or the mean over all that occur. */
import { integer } from '../contract/fields.ts';
import { refusal, type Refusal } from '../contract/refusal.ts';
import type { Decisions, Item } from './decisions.ts';
import type { Subject } from './metric.ts';

export interface Scores {
  /** null where the item was never predicted. */
  readonly precision: number | null;
  /** null where it was never there. */
  readonly recall: number | null;
  /** null where neither. */
  readonly f1: number | null;
}

/**
 *   precision = hits / predicted      recall = hits / actual      F1 = 2·hits / (predicted + actual)
 *
 * F1 is the harmonic mean of the other two. Source: van Rijsbergen 1979, Information Retrieval, chapter 7.
 */
export const scoresOf = ({ actual, predicted, hits }: Item): Scores => ({
  precision: predicted > 0 ? hits / predicted : null,
  recall: actual > 0 ? hits / actual : null,
  f1: predicted + actual > 0 ? (2 * hits) / (predicted + actual) : null
});

/** The setting that the three share. */
export const ofWhich = {
  of: integer(-1, 'Of which class or column, counted from 0; −1: the mean over all', { min: -1, max: 255 })
} as const;

type OfWhich = { readonly of: number };

export const variantOf = ({ of }: OfWhich): string | null => (of < 0 ? null : String(of));

export function refusesItem({ target }: Subject, { of }: OfWhich): Refusal | null {
  const items = target.kind === 'class' ? target.classes : target.columns.length;
  if (of < items) return null;
  const code = target.kind === 'class' ? 'no-such-class' : 'no-such-column';
  return refusal(code, { count: items, last: items - 1 }, [{ set: { of: -1 } }]);
}

/** The mean runs over what occurs, as right or as given answer; there a score that cannot be computed counts as 0. */
export function score(decisions: Decisions, { of }: OfWhich, name: keyof Scores): number | null {
  const items = decisions.items();
  if (of >= 0) return scoresOf(items[of]!)[name];
  const found = items.filter(({ actual, predicted }) => actual + predicted > 0);
  return found.length > 0 ? found.reduce((sum, item) => sum + (scoresOf(item)[name] ?? 0), 0) / found.length : null;
}
