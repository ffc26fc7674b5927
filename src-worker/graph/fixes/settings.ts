/** Fixes of single settings: numbers into their range, values of another type as they may be meant; and the table of all menders of settings. */
import type { Problem } from '../../contract/problems.ts';
import type { TermCode } from '../../contract/term-words.ts';
import { isObject, keysOf, lastOf, parentOf, put } from './document.ts';
import {
  byDefault,
  costing,
  setting,
  settingAt,
  type Candidate,
  type Context,
  type Mender,
  type Menders
} from './mender.ts';
import { missing, nameOf } from './missing-settings.ts';
import { misspelt, unknownSetting } from './misspelt.ts';

/** A number that must not be the bound itself has no nearest neighbour; its default is within. */
const bounded =
  (bound: 'min' | 'max'): Mender =>
  (problem, context) => {
    const nearest = setting(context.spec, problem.path, problem.words[bound]);
    const standard = byDefault(problem, context);
    // At 0 most things do nothing, and 1 unit or filter is hardly what was meant.
    const isTiny = bound === 'min' && Number(problem.words[bound]) <= 1;
    const both = isTiny ? [...standard, ...nearest] : [...nearest, ...standard];
    return [...slips(problem, context), ...both, ...costing(3, withoutParent(problem, context))];
  };

/** Below that a share above 1 is no percentage. */
const LEAST_PERCENT = 5;

/** −64 for 64, and 50 for 50 %. */
function slips({ path, value, words }: Problem, { spec }: Context): Candidate[] {
  if (typeof value !== 'number') return [];
  if (value < 0) return setting(spec, path, -value);
  return words['max'] === 1 && value >= LEAST_PERCENT && value <= 100 ? setting(spec, path, value / 100) : [];
}

/** All that the setting belongs to, unless that is a layer, whose wires would hang loose, or a third of the experiment. */
const withoutParent = ({ path }: Problem, { spec }: Context): Candidate[] =>
  /^(network\.nodes\.[^.]+|data|network|training)$/.test(parentOf(path))
    ? []
    : setting(spec, parentOf(path), undefined);

const wrongType: Mender = (problem, context) => {
  const { path, value, words } = problem;
  const expected = words['expected'];
  const read = typeof expected === 'object' && 'term' in expected ? readAs(expected.term, value) : undefined;
  return [
    ...(read === undefined ? [] : setting(context.spec, path, read)),
    ...sidesOf(problem, context),
    ...byDefault(problem, context)
  ];
};

/** Height and width of a window in one list, as [3, 5]. */
function sidesOf({ path, value }: Problem, { spec }: Context): Candidate[] {
  const keys = keysOf(spec, path);
  if (!keys || !/\.(kernel|stride)$/.test(path) || !Array.isArray(value) || value.length !== 2) return [];
  const [height, width] = value as readonly unknown[];
  if (height === width) return []; // read as one number
  const across = [...keys.slice(0, -1), `${lastOf(path)}Width`];
  return [{ ...settingAt(keys, path, height), change: (before) => put(put(before, keys, height), across, width) }];
}

/** What was meant by a value of another type, such as "64" for 64. */
function readAs(expected: TermCode, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && value.every((one) => one === value[0]) && expected !== 'array')
    return readAs(expected, value[0]);
  const asNumber = typeof value === 'number' ? value : typeof value === 'string' && value.trim() ? Number(value) : NaN;
  switch (expected) {
    case 'int':
      return Number.isFinite(asNumber) ? Math.round(asNumber) : undefined;
    case 'number':
      return Number.isFinite(asNumber) ? asNumber : undefined;
    case 'boolean':
      return YES.includes(lowered(value)) ? true : NO.includes(lowered(value)) ? false : undefined;
    case 'string':
      return typeof value === 'number' ? String(value) : undefined;
    case 'array':
      return value === null ? undefined : [value];
    case 'tuple':
      return wireMeant(value);
    default:
      return undefined;
  }
}

const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0', 'none'];
const lowered = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';

/** A wire as other formats write it: an object of two ends, or `a -> b`. */
function wireMeant(value: unknown): unknown {
  const ends = isObject(value)
    ? [value['from'] ?? value['source'], value['to'] ?? value['target']]
    : typeof value === 'string'
      ? value.split(/\s*(?:->|→|>|,)\s*/)
      : [];
  return ends.length === 2 && ends.every((end) => typeof end === 'string') ? ends : undefined;
}

const cut: Mender = ({ path, value, words }, { spec }) => {
  const most = Number(words['max']);
  const isLong = Array.isArray(value) || typeof value === 'string';
  return isLong && path !== 'network.nodes' ? setting(spec, path, value.slice(0, most)) : [];
};

/** A wire without two ends, or whatever else is too short. */
const tooFew: Mender = ({ path, value }, { spec }) =>
  path === 'network.nodes' && Array.isArray(value)
    ? setting(spec, path, [{ id: 'input', kind: 'input' }])
    : setting(spec, path, undefined);

export const settingMenders: Menders = {
  'too-small': bounded('min'),
  'too-large': bounded('max'),
  'not-above': byDefaultThenParent,
  'not-below': byDefaultThenParent,
  'wrong-type': wrongType,
  'not-an-object': (problem, context) => [
    ...(typeof problem.value === 'string' ? setting(context.spec, problem.path, { kind: problem.value }) : []),
    ...byDefault(problem, context)
  ],
  missing,
  empty: (problem, context) =>
    problem.path === 'name' ? setting(context.spec, 'name', 'untitled') : byDefault(problem, context),
  'too-few': tooFew,
  'too-many': (problem, context) => [...cut(problem, context), ...byDefault(problem, context)],
  'too-long': cut,
  'not-a-choice': misspelt,
  'unknown-kind': misspelt,
  'unknown-setting': unknownSetting,
  'extra-setting': unknownSetting,
  malformed: byDefault,
  'bad-id': (problem, context) => {
    const index = keysOf(context.spec, problem.path)?.[2];
    return typeof index === 'number' ? nameOf(index, context) : byDefault(problem, context);
  },
  'split-over-one': (problem, context) => {
    const { train } = problem.value as { train: number };
    const dev = Number((1 - train).toFixed(6));
    return [...setting(context.spec, `${problem.path}.dev`, dev), ...byDefault(problem, context)];
  },
  'bad-monitor': ({ path, value }, { spec }) => [
    ...setting(spec, path, `dev.${String(value).replace(/^.*\./, '')}`),
    ...setting(spec, path, 'dev.loss')
  ]
};

function byDefaultThenParent(problem: Problem, context: Context): Candidate[] {
  return [...slips(problem, context), ...byDefault(problem, context), ...withoutParent(problem, context)];
}
