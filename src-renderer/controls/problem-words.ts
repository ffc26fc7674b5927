/** Problems, fixes and advice in the language of the page; the check's own English where the catalogues know nothing of them. */
import type { LintFinding } from '../../src-worker/contract/report.ts';
import type { Fix, Problem } from '../../src-worker/contract/problems.ts';
import { spoken, type Term, type Words } from '../../src-worker/contract/words.ts';
import type { Params } from '../../src-worker/contract/fill.ts';
import { t, tMaybe, words as page } from '../i18n/t.svelte.ts';
import { settingName, settingWord } from './words.ts';

/** What is wrong and what to do. */
export function problemText({ code, path, words, why, remedy }: Problem): string {
  const named = { ...inWords(words), ...offered(code, words), setting: settingWord(path) };
  const question = words['nearest'] === undefined ? [] : [t('problem.didYouMean', named)];
  const sentences = [tMaybe(`problem.${code}.why`, `${why}.`, named), tMaybe(`problem.${code}.remedy`, remedy, named)];
  return [sentences[0]!, ...question, sentences[1]!].reduce((first, second) => t('word.sentences', { first, second }));
}

/** Of these the choices are in a list of the page, and called as there; others are written by hand, and told as they are written. */
const listed: ReadonlySet<string> = new Set(['augments-images', 'metric-unlike-target']);

function offered(code: string, { choices }: Words): Params {
  if (!listed.has(code)) return {};
  const kinds = String(choices).split(', ');
  return { choices: kinds.map((kind) => tMaybe(`kind.${kind}`, kind)).join(t('word.comma')) };
}

/** What was expected and what was found, where both can be said. */
export function expectedAndActual({ words }: Problem): { expected: string; actual: string } | null {
  const { expected, actual } = inWords(words);
  return expected === undefined || actual === undefined ? null : { expected: String(expected), actual: String(actual) };
}

export const fixText = (fix: Fix): string => tMaybe(`fix.${fix.code}`, fix.label, inWords(fix.words));

/** Terms in the language of the page; kinds, settings and their values as they are called. */
function inWords({ kind, path, setting, value, ...words }: Words): Params {
  const said = spoken(words, page.language, termText);
  const name = setting === undefined ? undefined : String(setting);
  return {
    ...said,
    ...(kind !== undefined && { kind: tMaybe(`kind.${String(kind)}`, String(kind)) }),
    ...(path !== undefined && { path: settingName(String(path)) }),
    ...(name !== undefined && { setting: tMaybe(`setting.node.${name}`, name) }),
    ...(value !== undefined && { value: valueText(name ?? String(path), String(value)) })
  };
}

const termText = ({ term, words }: Term): string => tMaybe(`term.${term}`, term, words);

/** Values of fixes are text, or JSON where they are none. */
function valueText(path: string, value: string): string {
  if (value === 'true' || value === 'false') return t(value === 'true' ? 'word.yes' : 'word.no');
  if (value === 'null') return t('word.none');
  return tMaybe(`choice.${path.split('.').at(-1)}.${value}`, tMaybe(`kind.${value}`, value));
}

/** What is to be thought of, why, and what to do about it. */
export function lintTexts({ rule, words, message }: LintFinding): { what: string; why: string; remedy: string } {
  const named = inWords(words);
  return {
    what: tMaybe(`lint.${rule}.what`, message, named),
    why: tMaybe(`lint.${rule}.why`, '', named),
    remedy: tMaybe(`lint.${rule}.remedy`, '', named)
  };
}
