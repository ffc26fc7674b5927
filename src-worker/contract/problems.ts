/** Faults of user input, all reported at once: where, the value found, why it is wrong and what to do. */
import { z } from 'zod';
import { knownKeys } from './known-keys.ts';
import { didYouMean } from './nearest.ts';
import type { JsonPatch } from './json-patch.ts';

export const problemSchema = z.object({
  /** Readable path, network nodes by id: `network.nodes.h1.units`. */
  path: z.string(),
  value: z.unknown(),
  why: z.string(),
  remedy: z.string()
});
export type Problem = z.infer<typeof problemSchema>;

/** A change that mends a problem or follows an advice: one click, one step of undo. */
export interface Fix {
  /** Key of the words that say what it does, under `fix.`. */
  readonly code: string;
  /** What the words leave open: a layer, a number. */
  readonly words: Readonly<Record<string, string | number>>;
  /** The same in English, whole. */
  readonly label: string;
  /** Of the experiment. */
  readonly patch: JsonPatch;
}

/** Turns a zod error into problems; `input` is what was parsed, so that each problem can show the offending value, by `schema`. */
export function problemsOf(error: z.ZodError, input: unknown, schema: z.ZodType): Problem[] {
  return error.issues.flatMap((issue) => {
    const at = issue.path as (string | number)[];
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, at, input);
      return issue.keys.map((key) => unknownKey([...at, key], input, known));
    }
    const value = valueAt(at, input) ?? shortKind(at, input);
    return [{ path: readablePath(at, input), value, ...explain(issue, value) }];
  });
}

/** A kind alone is short for an object with it. */
function shortKind(at: readonly (string | number)[], input: unknown): unknown {
  const holder = at.at(-1) === 'kind' ? valueAt(at.slice(0, -1), input) : undefined;
  return typeof holder === 'string' ? holder : undefined;
}

function unknownKey(at: readonly (string | number)[], input: unknown, known: readonly string[]): Problem {
  const key = String(at.at(-1));
  const others = known.length > 0 ? `Known: ${known.join(', ')}.` : 'Remove it.';
  return {
    path: readablePath(at, input),
    value: valueAt(at, input),
    why: `“${key}” is not a setting known here`,
    remedy: didYouMean(key, known) + others
  };
}

/** One line per problem, for terminals and logs. */
export function describeProblem({ path, value, why, remedy }: Problem): string {
  const found = value === undefined ? '' : ` (found ${shorten(value)})`;
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

function explain(issue: z.core.$ZodIssue, value: unknown): { why: string; remedy: string } {
  switch (issue.code) {
    case 'invalid_type': {
      const missing = issue.input === undefined && issue.message.includes('undefined');
      return missing
        ? { why: `${issue.expected} expected, nothing found`, remedy: 'Add it.' }
        : { why: `${issue.expected} expected`, remedy: remedyFor(issue.expected) };
    }
    case 'too_small': {
      if (issue.origin === 'string') return { why: 'must not be empty', remedy: 'Write something.' };
      const least = `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
      return issue.origin === 'array'
        ? {
            why: `must have ${least} ${Number(issue.minimum) === 1 ? 'entry' : 'entries'}`,
            remedy: 'Add what is missing.'
          }
        : { why: `must be ${least}`, remedy: 'Give a larger value.' };
    }
    case 'too_big': {
      const most = `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
      if (issue.origin === 'string') return { why: `must have ${most} letters`, remedy: 'Shorten it.' };
      return issue.origin === 'array'
        ? { why: `must have ${most} entries`, remedy: 'Remove what is too much.' }
        : { why: `must be ${most}`, remedy: 'Give a smaller value.' };
    }
    case 'invalid_value':
      return notAmong(issue.values, value);
    case 'invalid_union':
      return 'options' in issue && issue.options
        ? notAmong(issue.options, value)
        : { why: issue.message, remedy: 'Correct the value.' };
    default:
      return { why: issue.message, remedy: 'Correct the value.' };
  }
}

function notAmong(known: readonly unknown[], value: unknown): { why: string; remedy: string } {
  const names = known.filter((one) => typeof one === 'string');
  const use = `Use ${known.map((one) => JSON.stringify(one)).join(', ')}.`;
  return { why: 'not one of the known values', remedy: didYouMean(value, names) + use };
}

/** A kind alone is a frequent slip where its settings belong too. */
const remedyFor = (expected: string): string =>
  expected === 'object'
    ? 'Give an object, such as { "kind": "…" }, or set its parts one by one.'
    : `Give a value of type ${expected}.`;

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
