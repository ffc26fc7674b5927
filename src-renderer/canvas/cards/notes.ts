/** Problems and advice as a card shows them. */
import type { Problem } from '../../../src-worker/contract/problems.ts';
import type { LintFinding } from '../../../src-worker/contract/report.ts';
import { expectedAndActual, lintTexts, problemText } from '../../controls/problem-words.ts';

export interface Note {
  /** What is the matter. */
  readonly text: string;
  /** Why it matters and what to do. */
  readonly more: string;
  /** What was expected and what was found, side by side. */
  readonly shapes: { readonly expected: string; readonly actual: string } | null;
  /** What it is about; what mends it takes its time to find. */
  readonly of: Problem | LintFinding;
}

export function noteOfProblem(problem: Problem): Note {
  return { text: problemText(problem), more: '', shapes: expectedAndActual(problem), of: problem };
}

export function noteOfLint(finding: LintFinding): Note {
  const { what, why, remedy } = lintTexts(finding);
  return { text: what, more: [why, remedy].filter(Boolean).join(' '), shapes: null, of: finding };
}
