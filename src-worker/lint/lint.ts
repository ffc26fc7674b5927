/** Advice on an experiment in which nothing is broken: every rule asked in turn. */
import { fill } from '../contract/fill.ts';
import { fixWords } from '../contract/fix-words.ts';
import { patchBetween } from '../contract/json-patch.ts';
import type { Fix } from '../contract/problems.ts';
import type { LintFinding } from '../contract/report.ts';
import { inEnglish } from '../contract/words.ts';
import type { Spec } from '../graph/fixes/document.ts';
import type { Candidate } from '../graph/fixes/mender.ts';
import type { Advice, Rule, Subject } from './rule.ts';
import { rules } from './table.ts';

/** `input`: the experiment as it was typed, which the fixes are of. */
export const lintOf = (subject: Subject, input: Spec): LintFinding[] =>
  rules.flatMap((rule) => rule.find(subject).map((advice) => findingOf(rule, advice, input)));

function findingOf(
  { id, words: texts, lesson }: Rule,
  { node, path, words = {}, fixes = [] }: Advice,
  input: Spec
): LintFinding {
  const sentences = [texts.what, texts.why, texts.remedy].map((text) => fill(text, inEnglish(words), 'en'));
  const patches = fixes.map((candidate) => fixOf(candidate, input)).filter(({ patch }) => patch.length > 0);
  return { rule: id, node, path, words, message: sentences.join(' '), lesson, fixes: patches };
}

const fixOf = ({ code, words, change }: Candidate, input: Spec): Fix => ({
  code,
  words,
  label: fill(fixWords[code], inEnglish(words), 'en'),
  patch: patchBetween(input, change(input))
});
