/** What looks for fixes of one kind of problem: candidates, of which those are offered that mend it. */
import type { DatasetInfo } from '../../contract/dataset.ts';
import type { FixCode } from '../../contract/fix-words.ts';
import type { ProblemCode } from '../../contract/problem-words.ts';
import type { Problem } from '../../contract/problems.ts';
import type { Words } from '../../contract/words.ts';
import type { Examined } from '../check-experiment.ts';
import type { NetworkSpec } from '../../contract/experiment.ts';
import { keysOf, networkIn, put, type Keys, type Spec } from './document.ts';

export interface Candidate {
  readonly code: FixCode;
  readonly words: Words;
  /** How many problems it is as bad as: what takes away something that was wanted, or makes something up, comes behind what mends. */
  readonly cost?: number;
  change(spec: Spec): Spec;
}

/** The same change, offered later or earlier. */
export const costing = (cost: number, candidates: readonly Candidate[]): Candidate[] =>
  candidates.map((candidate) => ({ ...candidate, cost }));

export interface Context {
  readonly spec: Spec;
  readonly examined: Examined;
  readonly datasets: readonly DatasetInfo[];
}

/** The best first; what mends as much is offered in this order. */
export type Mender = (problem: Problem, context: Context) => readonly Candidate[];
export type Menders = Partial<Record<ProblemCode, Mender>>;

/** Another value at a path; undefined: none, so that the default holds. */
export function setting(spec: Spec, path: string, value: unknown): Candidate[] {
  const keys = keysOf(spec, path);
  return keys ? [settingAt(keys, path, value)] : [];
}

export const settingAt = (keys: Keys, path: string, value: unknown): Candidate => ({
  code: value === undefined ? (typeof keys.at(-1) === 'number' ? 'remove' : 'default') : 'set',
  words: value === undefined ? { path } : { path, value: text(value) },
  change: (spec) => put(spec, keys, value)
});

export const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** For menders that need a network of named layers. */
export const drawn =
  (mender: (problem: Problem, network: NetworkSpec, context: Context) => readonly Candidate[]): Mender =>
  (problem, context) => {
    const network = networkIn(context.spec);
    return network ? mender(problem, network, context) : [];
  };

/** As if it had not been said. */
export const byDefault = ({ path }: Problem, { spec }: Context): Candidate[] => setting(spec, path, undefined);
