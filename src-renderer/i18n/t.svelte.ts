/** The page's words. Every text on screen is a message of both catalogues; components hold none. */
import en from './en.json';
import ja from './ja.json';
import { fill, type Params } from '../../src-worker/contract/fill.ts';

export type MessageKey = keyof typeof en;
export const catalogues = { en, ja } satisfies Record<string, Record<MessageKey, string>>;
export type Language = keyof typeof catalogues;
export const languages = Object.keys(catalogues) as Language[];

class Words {
  language = $state<Language>('en');
}
export const words = new Words();

/** The message in the language that is set; components that call it follow a change of language. */
export function t(key: MessageKey, params: Params = {}): string {
  return fill(catalogues[words.language][key], params, words.language);
}

/** A message chosen by data, as `kind.adam`; `fallback` where the catalogues know nothing of it. */
export function tMaybe(key: string, fallback: string, params: Params = {}): string {
  return Object.hasOwn(en, key) ? t(key as MessageKey, params) : fallback;
}

/** The language to start with: the first of the browser's that has a catalogue. */
export function browserLanguage(preferred: readonly string[] = navigator.languages): Language {
  const known = preferred.map((tag) => tag.split('-')[0]).find((tag) => languages.includes(tag as Language));
  return (known as Language | undefined) ?? 'en';
}
