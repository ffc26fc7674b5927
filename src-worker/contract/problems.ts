/** Faults of user input, all reported at once: where, the value found, why it is wrong and what to do. */
import type { z } from 'zod';
import type { JsonPatch } from './json-patch.ts';
import { knownKeys } from './known-keys.ts';
import { problemWords, type ProblemCode } from './problem-words.ts';
import { among, refusal, type Refusal } from './refusal.ts';
import { termWords, type TermCode } from './term-words.ts';
import { term, type Word, type Words } from './words.ts';

/** A change that mends a problem or follows an advice: one click, one step of undo. */
export interface Fix {
  /** Key of the words that say what it does, under `fix.`. */
  readonly code: string;
  /** What the words leave open: a layer, a number. */
  readonly words: Words;
  /** The same in English, whole. */
  readonly label: string;
  /** Of the experiment. */
  readonly patch: JsonPatch;
}

export interface Problem extends Refusal {
  /** Readable path, network nodes by id: `network.nodes.h1.units`. */
  readonly path: string;
  /** What is there. */
  readonly value: unknown;
  /** The layer at fault; null where it is none. */
  readonly node: string | null;
  /** Each makes the problem go away, the best first; of a report they are looked for when they are read, elsewhere there are none. */
  readonly fixes: readonly Fix[];
}

export interface Place {
  readonly path: string;
  readonly value: unknown;
  /** Told where the path does not: `network.nodes.h1.units` is of the layer h1. */
  readonly node?: string | null;
}

export const problemAt = ({ path, value, node = nodeIn(path) }: Place, refused: Refusal): Problem => ({
  ...refused,
  path,
  value,
  node,
  fixes: []
});

export const problem = (code: ProblemCode, place: Place, words: Words = {}): Problem =>
  problemAt(place, refusal(code, words));

const nodeIn = (path: string): string | null => /^network\.nodes\.([^.]+)/.exec(path)?.[1] ?? null;

/** Turns a zod error into problems; `input` is what was parsed, so that each problem can show the offending value, by `schema`. */
export function problemsOf(error: z.ZodError, input: unknown, schema: z.ZodType): Problem[] {
  return error.issues
    .filter((issue) => !isOfNumbersAlone(issue, error))
    .flatMap((issue) => {
      const at = issue.path as (string | number)[];
      if (issue.code === 'unrecognized_keys') {
        const known = knownKeys(schema, at, input);
        return issue.keys.map((name) => problemAt(placeOf([...at, name], input), unknownKey(name, known)));
      }
      const place = placeOf(at, input);
      const value = place.value === undefined ? shortKind(at, input) : place.value;
      return [
        problemAt(
          { ...place, value },
          explain(issue, value, () => knownKeys(schema, at, input))
        )
      ];
    });
}

/** A number beyond what is exact is told by its own bound, where it has one. */
function isOfNumbersAlone(issue: z.core.$ZodIssue, { issues }: z.ZodError): boolean {
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return false;
  const bound = issue.code === 'too_big' ? issue.maximum : issue.minimum;
  const isSame = (other: z.core.$ZodIssue) =>
    other.code === issue.code && other.path.join('.') === issue.path.join('.');
  return (
    Math.abs(Number(bound)) === Number.MAX_SAFE_INTEGER && issues.some((other) => other !== issue && isSame(other))
  );
}

/** A kind alone is short for an object with it. */
function shortKind(at: readonly (string | number)[], input: unknown): unknown {
  const holder = at.at(-1) === 'kind' ? valueAt(at.slice(0, -1), input) : undefined;
  return typeof holder === 'string' ? holder : undefined;
}

const unknownKey = (name: string, known: readonly string[]): Refusal =>
  known.length > 0 ? refusal('unknown-setting', { name, ...among(name, known) }) : refusal('extra-setting', { name });

const placeOf = (at: readonly (string | number)[], input: unknown): Place => ({
  path: readablePath(at, input),
  value: valueAt(at, input)
});

/** Whole sentences, without the place but for the name of a setting that they are about. */
export function messageOf({ code, path, why, remedy, actual }: Omit<Problem, 'fixes'>): string {
  const isTold = actual === null || code === 'missing' || why.includes(actual.replace(/ (wires?|inputs?)$/, ''));
  const sentence = isOfSetting(code) ? `${nameAt(path)} ${why}` : `${why.slice(0, 1).toUpperCase()}${why.slice(1)}`;
  return `${sentence}${isTold ? '' : ` (found ${actual})`}. ${remedy}`;
}

/** Is `why` said of the setting at the path, whose name then stands in front of it? */
export const isOfSetting = (code: ProblemCode): boolean => 'ofSetting' in problemWords[code];

/** `network.nodes.c1.kernel` → `“kernel”`, `network.edges.3` → `“edges.3”`. */
function nameAt(path: string): string {
  const name = /[^.]*[^.\d][^.]*(\.\d+)*$/.exec(path)?.[0];
  return name === undefined ? 'The experiment' : `“${name}”`;
}

/** One line per problem, for terminals and logs. */
export function describeProblem({ path, value, why, remedy }: Problem): string {
  const isTold = value === undefined || (typeof value === 'string' && why.includes(`“${value}”`));
  const found = isTold ? '' : ` (found ${shorten(value)})`;
  return `${path || 'experiment'}: ${why}${found}. ${remedy}`;
}

export function valueAt(path: readonly (string | number)[], input: unknown): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key],
    input
  );
}

/** `['network', 'nodes', 2, 'units']` → `network.nodes.h1.units` where node 2 has the id `h1`. */
export function readablePath(path: readonly (string | number)[], input: unknown): string {
  return path
    .map((key, depth) => {
      const value = valueAt(path.slice(0, depth + 1), input);
      const id =
        typeof key === 'number' && path[depth - 1] === 'nodes' ? (value as { id?: unknown } | null)?.id : undefined;
      return typeof id === 'string' && id !== '' ? id : String(key);
    })
    .join('.');
}

/** `keys`: what an object at this place may have. */
function explain(issue: z.core.$ZodIssue, value: unknown, keys: () => readonly string[]): Refusal {
  switch (issue.code) {
    case 'invalid_type': {
      const { expected } = issue;
      if (issue.input === undefined && issue.message.includes('undefined')) return missing(typeWord(expected));
      return expected === 'object'
        ? refusal('not-an-object', { expected: objectOf(keys()), actual: shorten(value) })
        : refusal('wrong-type', { expected: typeWord(expected), actual: shorten(value) });
    }
    case 'too_small': {
      const min = Number(issue.minimum);
      if (issue.origin === 'string') return refusal('empty');
      if (issue.origin === 'array') return refusal('too-few', { min });
      const texts = { expected: `${issue.inclusive ? '≥' : '>'} ${min}`, actual: shorten(value) };
      return refusal(issue.inclusive ? 'too-small' : 'not-above', { min, ...texts });
    }
    case 'too_big': {
      const max = Number(issue.maximum);
      if (issue.origin === 'string') return refusal('too-long', { max });
      if (issue.origin === 'array') return refusal('too-many', { max });
      const texts = { expected: `${issue.inclusive ? '≤' : '<'} ${max}`, actual: shorten(value) };
      return refusal(issue.inclusive ? 'too-large' : 'not-below', { max, ...texts });
    }
    case 'invalid_value':
      return notAmong(issue.values, value);
    case 'invalid_union':
      return 'options' in issue && issue.options
        ? notAmong(issue.options, value)
        : refusal('malformed', { why: issue.message });
    case 'invalid_key': // of a record, whose keys are ids
      return issue.issues[0] ? explain(issue.issues[0], value, keys) : refusal('malformed', { why: issue.message });
    case 'custom': {
      const { problem: code } = (issue.params ?? {}) as { problem?: ProblemCode };
      return code ? refusal(code) : refusal('malformed', { why: issue.message });
    }
    default:
      return refusal('malformed', { why: issue.message });
  }
}

const missing = (expected: Word): Refusal => refusal('missing', { expected, actual: term('nothing') });

/** What an object here begins with. */
const objectOf = (keys: readonly string[]): string =>
  keys.includes('kind') || keys.length === 0
    ? '{ "kind": "…" }'
    : `{ ${keys
        .slice(0, 2)
        .map((key) => `"${key}": …`)
        .join(', ')} }`;

/** Types as people call them. */
const typeWord = (type: string): Word => (Object.hasOwn(termWords, type) ? term(type as TermCode) : type);

function notAmong(known: readonly unknown[], value: unknown): Refusal {
  const names = known.filter((one) => typeof one === 'string');
  const choices = known.map((one) => JSON.stringify(one)).join(', ');
  if (value === undefined) return missing(known.length > 1 ? term('one-of', { choices }) : choices);
  return refusal('not-a-choice', { ...among(value, names), choices });
}

export function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
