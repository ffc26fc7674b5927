/** Problems and advice as a card shows them. */
import type { Fix, Problem } from '../../../src-worker/contract/problems.ts';
import type { LintFinding } from '../../../src-worker/contract/report.ts';
import { lintTexts, problemText } from '../../controls/problem-words.ts';

export interface Note {
  /** What is the matter. */
  readonly text: string;
  /** Why it matters and what to do. */
  readonly more: string;
  /** What was expected and what was found, side by side. */
  readonly shapes: { readonly expected: string; readonly actual: string } | null;
  readonly fixes: readonly Fix[];
}

export function noteOfProblem(problem: Problem): Note {
  const { expected, actual, fixes } = problem;
  const shapes = expected !== null && actual !== null ? { expected, actual } : null;
  return { text: problemText(problem), more: '', shapes, fixes };
}

export function noteOfLint(finding: LintFinding): Note {
  const { what, why, remedy } = lintTexts(finding);
  return { text: what, more: [why, remedy].filter(Boolean).join(' '), shapes: null, fixes: finding.fixes };
}
