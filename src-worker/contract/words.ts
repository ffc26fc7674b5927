/** What messages leave open, and how it is said: numbers and names as they are, terms and lists of names as each language has them. */
import { fill, type Params } from './fill.ts';
import { termWords, type TermCode } from './term-words.ts';

/** A part of a message that differs between languages, with what it leaves open. */
export interface Term {
  readonly term: TermCode;
  readonly words: Params;
}

/** A list holds names of layers. */
export type Word = string | number | Term | readonly string[];
export type Words = Readonly<Record<string, Word>>;

export const term = (code: TermCode, words: Params = {}): Term => ({ term: code, words });

/** Every word as text or number, by a language's own terms. */
export function spoken(words: Words, language: string, say: (term: Term) => string): Params {
  const list = (names: readonly string[]) =>
    new Intl.ListFormat(language).format(names.map((name) => say(term('named', { name }))));
  const text = (word: Word) => (typeof word !== 'object' ? word : 'term' in word ? say(word) : list(word));
  return Object.fromEntries(Object.entries(words).map(([name, word]) => [name, text(word)]));
}

export const inEnglish = (words: Words): Params =>
  spoken(words, 'en', ({ term: code, words: inner }) => fill(termWords[code], inner, 'en'));
