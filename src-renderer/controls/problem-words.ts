/** Problems, fixes and advice in the language of the page; the check's own English where the catalogues know nothing of them. */
import type { LintFinding, PlacedProblem } from '../../src-worker/contract/report.ts';
import type { Fix, Problem } from '../../src-worker/contract/problems.ts';
import { tMaybe } from '../i18n/t.svelte.ts';

/** What is wrong and what to do. */
export const problemText = (problem: Problem & Partial<Pick<PlacedProblem, 'code' | 'words'>>): string =>
  tMaybe(`problem.${problem.code ?? 'other'}`, `${problem.why}. ${problem.remedy}`, problem.words);

export const fixText = (fix: Fix): string => tMaybe(`fix.${fix.code}`, fix.label, fix.words);

/** What is to be thought of, why, and what to do about it. */
export const lintTexts = ({ rule, words, message }: LintFinding): { what: string; why: string; remedy: string } => ({
  what: tMaybe(`lint.${rule}.what`, message, words),
  why: tMaybe(`lint.${rule}.why`, '', words),
  remedy: tMaybe(`lint.${rule}.remedy`, '', words)
});
