/**
 * Fixes of problems: for each kind of problem its mender offers candidates; each is tried on a copy, and offered where the problem is gone
 * then. What leaves the fewest problems comes first.
 */
import type { DatasetInfo } from '../../contract/dataset.ts';
import { fill } from '../../contract/fill.ts';
import { fixWords } from '../../contract/fix-words.ts';
import { patchBetween } from '../../contract/json-patch.ts';
import type { Fix, Problem } from '../../contract/problems.ts';
import { inEnglish } from '../../contract/words.ts';
import { examine, type Examined } from '../check-experiment.ts';
import type { NodeMemo } from '../read-frame.ts';
import { isObject } from './document.ts';
import type { Candidate, Context, Menders } from './mender.ts';
import { outputMenders } from './outputs.ts';
import { settingMenders } from './settings.ts';
import { shapeMenders } from './shapes.ts';
import { trainingMenders } from './training.ts';
import { wireMenders } from './wires/wires.ts';

export const menders: Menders = {
  ...settingMenders,
  ...wireMenders,
  ...shapeMenders,
  ...outputMenders,
  ...trainingMenders
};

/** More is not offered: a person reads them all. */
const MOST_FIXES = 5;
/** Trying a fix takes as long as checking: in all no more layers than these are checked, so that editing stays fluent; the first problems come first. */
const MOST_LAYERS = 3000;

export interface Found {
  readonly examined: Examined;
  readonly datasets: readonly DatasetInfo[];
  readonly memo: NodeMemo;
}

/** The problems of an experiment. Their fixes are looked for, of all at once, when the first of them is read: that takes longer than all the rest. */
export function withFixes(input: unknown, { examined, datasets, memo }: Found): Problem[] {
  const { problems } = examined;
  if (!isObject(input)) return [...problems];
  let found: readonly (readonly Fix[])[] | undefined;
  const all = () => (found ??= allFixes(problems, { spec: input, examined, datasets }, memo));
  return problems.map((problem, index) => ({
    ...problem,
    get fixes() {
      return all()[index]!;
    }
  }));
}

function allFixes(problems: readonly Problem[], context: Context, memo: NodeMemo): Fix[][] {
  const size = Math.max(1, context.examined.network.order.length);
  let left = Math.max(12, Math.floor(MOST_LAYERS / size));
  return problems.map((problem) => {
    const candidates = menders[problem.code]?.(problem, context) ?? [];
    const tried = candidates.slice(0, left);
    left -= tried.length;
    return fixesOf(problem, tried, context, memo);
  });
}

interface Tried {
  readonly fix: Fix;
  /** Problems that are left, and what was taken away. */
  readonly left: number;
  /** Layers that are broken or wait. */
  readonly unknown: number;
}

function fixesOf(problem: Problem, candidates: readonly Candidate[], context: Context, memo: NodeMemo): Fix[] {
  const key = keyOf(problem);
  const count = (problems: readonly Problem[]) => problems.filter((other) => keyOf(other) === key).length;
  const before = count(context.examined.problems);
  const tried = candidates.flatMap((candidate): Tried[] => {
    const after = candidate.change(context.spec);
    const { problems, network } = examine(after, context.datasets, memo);
    if (count(problems) >= before) return [];
    const patch = patchBetween(context.spec, after);
    const { code, words } = candidate;
    const fix = { code, words, label: fill(fixWords[code], inEnglish(words), 'en'), patch };
    return patch.length > 0
      ? [
          {
            fix,
            left: problems.length + (candidate.cost ?? (isRemoval(fix) ? REMOVED : 0)),
            unknown: network.order.length - network.layers.length
          }
        ]
      : [];
  });
  const ranked = tried.toSorted((a, b) => a.left - b.left || a.unknown - b.unknown);
  const labels = ranked.map(({ fix }) => fix.label);
  const patches = ranked.map(({ fix }) => JSON.stringify(fix.patch));
  return ranked
    .filter((_, index) => patches.indexOf(patches[index]!) === index && labels.indexOf(labels[index]!) === index)
    .slice(0, MOST_FIXES)
    .map(({ fix }) => fix);
}

/** As many problems a layer that is taken away is worth: it was wanted. */
const REMOVED = 1;

const isRemoval = ({ code }: Fix): boolean => code === 'remove-layer' || code === 'remove-branch';

/** By code, layer and path; in lists, whose entries move up where one is taken away, by value instead of place. */
function keyOf({ code, node, path, value }: Problem): string {
  const isEntry = /^(network\.edges|training\.metrics|data\.augment)\.\d/.test(path);
  return [code, node, isEntry ? JSON.stringify(value) : path].join(' ');
}
