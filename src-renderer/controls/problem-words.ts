/** Problems, fixes and advice in the language of the page; the check's own English where the catalogues know nothing of them. */
import type { LintFinding } from '../../src-worker/contract/report.ts';
import type { Fix, Problem } from '../../src-worker/contract/problems.ts';
import type { Words } from '../../src-worker/contract/refusal.ts';
import { t, tMaybe } from '../i18n/t.svelte.ts';
import { settingName } from './words.ts';

/** What is wrong and what to do. */
export function problemText({ code, words, why, remedy }: Problem): string {
  const named = inWords(words);
  const question = words['nearest'] === undefined ? [] : [t('problem.didYouMean', named)];
  const sentences = [tMaybe(`problem.${code}.why`, `${why}.`, named), tMaybe(`problem.${code}.remedy`, remedy, named)];
  return [sentences[0], ...question, sentences[1]].join(' ');
}

export const fixText = (fix: Fix): string => tMaybe(`fix.${fix.code}`, fix.label, inWords(fix.words));

/** Kinds and settings as they are called. */
const inWords = ({ kind, path, ...words }: Words): Words => ({
  ...words,
  ...(kind !== undefined && { kind: tMaybe(`kind.${kind}`, String(kind)) }),
  ...(path !== undefined && { path: settingName(String(path)) })
});

/** What is to be thought of, why, and what to do about it. */
export const lintTexts = ({ rule, words, message }: LintFinding): { what: string; why: string; remedy: string } => ({
  what: tMaybe(`lint.${rule}.what`, message, words),
  why: tMaybe(`lint.${rule}.why`, '', words),
  remedy: tMaybe(`lint.${rule}.remedy`, '', words)
});
