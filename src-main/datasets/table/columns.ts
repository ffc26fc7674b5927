/** What the columns of a table hold, found by looking at every field: numbers, categories, or something that cannot be learned from. */
import type { LabError } from '../../../src-worker/contract/errors.ts';
import { badFile } from '../faults.ts';
import { readRows, type CsvFile } from './read-csv.ts';

/** How an input column becomes numbers. */
export type InputColumn =
  | { readonly kind: 'number'; readonly name: string; readonly at: number; readonly missing: number }
  | {
      readonly kind: 'category';
      readonly name: string;
      readonly at: number;
      readonly missing: number;
      readonly levels: readonly string[];
    }
  | { readonly kind: 'ignored'; readonly name: string; readonly at: number; readonly why: string };

/** Different texts that are counted; one more than there may be classes. */
const MAX_COUNTED = 257;
const MAX_LEVELS = 100;
/** Below this many different numbers a column with one odd text may well be a list of codes. */
const CODES = 20;
const MISSING = new Set(['', '?', 'na', 'n/a', 'nan', 'null']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?$|^\d{1,2}:\d{2}(:\d{2})?$/;
/** Names of columns that number the rows; pandas writes its index without a name. */
const ID_NAME =
  /^(id|index|idx|key|nr|no\.?|#|rowid|row_?(nr|no|number)?|uuid|unnamed.*|column \d+)$|[_ -]id$|[a-z]I[dD]$/i;

export const isMissing = (field: string): boolean => field.length < 5 && MISSING.has(field.toLowerCase());

/** NaN when the field is no number. Where `;` separates the fields, a comma may stand before the decimals. */
export function toNumber(field: string, delimiter: string): number {
  const text = delimiter === ';' ? field.replace(',', '.') : field;
  return NUMBER.test(text) ? Number(text) : NaN;
}

/** What is known of one column after every row has been seen. */
export class ColumnProfile {
  readonly name: string;
  readonly at: number;
  missing = 0;
  numbers = 0;
  integers = 0;
  dates = 0;
  present = 0;
  firstText: { text: string; line: number } | null = null;
  /** Each different text, and each different number while all are numbers; at most 257 of them. */
  readonly #texts = new Set<string>();
  readonly #values = new Set<string>();
  readonly #delimiter: string;

  constructor(name: string, at: number, delimiter: string) {
    this.name = name;
    this.at = at;
    this.#delimiter = delimiter;
  }

  add(field: string, line: number): void {
    if (isMissing(field)) {
      this.missing++;
      return;
    }
    this.present++;
    if (this.#texts.size < MAX_COUNTED) this.#texts.add(field);
    const value = toNumber(field, this.#delimiter);
    if (Number.isNaN(value)) {
      this.firstText ??= { text: field, line };
      if (DATE.test(field)) this.dates++;
    } else {
      this.numbers++;
      if (this.#values.size < MAX_COUNTED) this.#values.add(numberName(field, value));
      if (Number.isInteger(value)) this.integers++;
    }
  }

  get isNumeric(): boolean {
    return this.present > 0 && this.numbers === this.present;
  }

  /** What a field counts as: in a column of numbers 1, 1.0 and 01 are the same. */
  levelOf(field: string): string {
    return this.isNumeric ? numberName(field, toNumber(field, this.#delimiter)) : field;
  }

  /** Each different level; at most 257 of them. */
  get levels(): ReadonlySet<string> {
    return this.isNumeric ? this.#values : this.#texts;
  }

  /** Levels in the order of their numbers, or of their letters. */
  sortedLevels(): string[] {
    const order: (a: string, b: string) => number = this.isNumeric
      ? (a, b) => toNumber(a, this.#delimiter) - toNumber(b, this.#delimiter)
      : (a, b) => (a < b ? -1 : 1);
    return [...this.levels].sort(order);
  }
}

/** Codes too long for a float64 stay as they are written. */
const numberName = (field: string, value: number): string =>
  Math.abs(value) > Number.MAX_SAFE_INTEGER ? field : String(value === 0 ? 0 : value);

/** Looks at every row once. Throws: `bad_dataset`, `unreadable_file`. */
export async function profileColumns(file: CsvFile): Promise<{ profiles: ColumnProfile[]; rows: number }> {
  const profiles = file.header.map((name, at) => new ColumnProfile(name, at, file.delimiter));
  let rows = 0;
  for await (const { fields, line } of readRows(file)) {
    rows++;
    for (const profile of profiles) profile.add(fields[profile.at]!, line);
  }
  if (rows === 0) throw badFile(file.path, 'There are no rows', 'at least two below the names', '0');
  return { profiles, rows };
}

/** Throws: `bad_dataset` when a column of numbers has a few fields that are none: most likely a slip. */
export function asInput(profile: ColumnProfile, file: CsvFile): InputColumn {
  const { name, at, missing, present, levels } = profile;
  const ignored = (why: string): InputColumn => ({ kind: 'ignored', name, at, why });
  if (present === 0) return ignored('it is empty');
  if (levels.size === 1 && missing === 0) return ignored(`it is always “${[...levels][0]}”`);
  const isDistinct = levels.size === Math.min(present, MAX_COUNTED);
  if (isDistinct && ID_NAME.test(name) && (profile.integers === present || profile.numbers === 0))
    return ignored('it only tells the rows apart');
  if (profile.isNumeric) return { kind: 'number', name, at, missing };
  if (profile.dates > 0.9 * present) return ignored('it holds dates or times');
  const slips = present - profile.numbers;
  if (slips < 0.1 * present && levels.size - slips > CODES) throw noNumber(file, profile.firstText!, name);
  const tooMany = levels.size > MAX_LEVELS || (levels.size > 10 && levels.size > present / 2);
  if (tooMany)
    return ignored(`it is free text: ${levels.size >= MAX_COUNTED ? 'over 256' : levels.size} different ones`);
  return { kind: 'category', name, at, missing, levels: profile.sortedLevels() };
}

export const noNumber = (file: CsvFile, { text, line }: { text: string; line: number }, name: string): LabError =>
  badFile(
    file.path,
    `Line ${line}, column “${name}” holds no number`,
    'a number as in nearly all other rows',
    `“${text.slice(0, 60)}”`,
    'Correct it, or leave it empty if it is not known.'
  );
