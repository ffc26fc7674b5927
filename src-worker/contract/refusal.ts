/** Why something is not possible, as whoever knows says it: a layer of its inputs, a loss of its target. */
import { fill } from './fill.ts';
import type { Kinded } from './fields.ts';
import { nearest } from './nearest.ts';
import { DID_YOU_MEAN, problemWords, type ProblemCode } from './problem-words.ts';
import { inEnglish, type Words } from './words.ts';

/** A way out that whoever refuses knows of; graph/fixes makes changes of the experiment of it. */
export type Way =
  /** Other settings of what refuses. */
  | { readonly set: Readonly<Record<string, unknown>> }
  /** A layer in front of the one that refuses. */
  | { readonly before: Kinded }
  /** Another layer in its place. */
  | { readonly instead: Kinded };

export interface Refusal {
  readonly code: ProblemCode;
  /** What the messages of the code leave open. */
  readonly words: Words;
  /** The same in English: `why` without a full stop, `remedy` a sentence. */
  readonly why: string;
  readonly remedy: string;
  /** Where shapes or counts are concerned, in words: `28×28×16`, `1 wire`. */
  readonly expected: string | null;
  readonly actual: string | null;
  /** The best first. */
  readonly ways: readonly Way[];
}

/** `words.expected` and `words.actual` are told by themselves as well; `words.nearest` is what a misspelt name may mean. */
export function refusal(code: ProblemCode, words: Words = {}, ways: readonly Way[] = []): Refusal {
  const { why, remedy } = problemWords[code];
  const question = words['nearest'] === undefined ? '' : `${DID_YOU_MEAN} `;
  const english = inEnglish(words);
  const text = (word: string | number | undefined) => (word === undefined ? null : String(word));
  return {
    code,
    words,
    why: fill(why, english, 'en'),
    remedy: fill(question + remedy, english, 'en'),
    expected: text(english['expected']),
    actual: text(english['actual']),
    ways
  };
}

/** The choices as words of a refusal, with the one that a misspelt `value` may mean, which is then what was expected. */
export function among(value: unknown, choices: readonly string[]): Words {
  const meant = typeof value === 'string' ? nearest(value, choices) : null;
  const known = choices.join(', ');
  const found = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  const short = (text: string) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text);
  return {
    choices: known,
    expected: meant ?? short(known),
    actual: short(found),
    ...(meant !== null && { nearest: meant })
  };
}

const MOST_LETTERS = 60;

/** `28×28×16` */
export const shapeText = (shape: readonly number[]): string => shape.join('×');
