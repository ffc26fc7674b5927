/** Mends an experiment: the first fix of the first problem that has one, then the next, until nothing more can be mended. */
import type { DatasetInfo } from '../contract/dataset.ts';
import { applyPatch } from '../contract/json-patch.ts';
import type { Fix, Problem } from '../contract/problems.ts';
import type { Report } from '../contract/report.ts';
import { reportOf } from './report.ts';

export interface Mended {
  readonly experiment: unknown;
  /** What was done, in order. */
  readonly steps: readonly { readonly problem: Problem; readonly fix: Fix }[];
  /** Of the experiment as it is then. */
  readonly report: Report;
}

/** Fixes that undo each other would go on for ever. */
const MOST_STEPS = 100;

export function mended(input: unknown, datasets: readonly DatasetInfo[]): Mended {
  let experiment = input;
  let report = reportOf(input, datasets);
  const steps: { problem: Problem; fix: Fix }[] = [];
  const seen = new Set([JSON.stringify(input)]);
  while (steps.length < MOST_STEPS) {
    const next = report.problems
      .flatMap((problem) => problem.fixes.slice(0, 1).map((fix) => ({ problem, fix })))
      .map((step) => ({ ...step, after: applyPatch(experiment, step.fix.patch) }))
      .find(({ after }) => !seen.has(JSON.stringify(after)));
    if (!next) break;
    const { after, ...step } = next;
    seen.add(JSON.stringify(after));
    steps.push(step);
    experiment = after;
    report = reportOf(experiment, datasets);
  }
  return { experiment, steps, report };
}
