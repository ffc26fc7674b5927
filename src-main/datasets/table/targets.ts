/** What is to be learned from a table: which columns, as which task, and how a field of theirs becomes a class number or a value. */
import { MAX_CLASSES, type DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { didYouMean } from '../../../src-worker/contract/nearest.ts';
import { badFile } from '../faults.ts';
import { isMissing, noNumber, toNumber, type ColumnProfile } from './columns.ts';
import type { CsvFile, CsvRecord } from './read-csv.ts';

export const tasks = ['classification', 'regression', 'multi-label'] as const;
export type Task = (typeof tasks)[number];

export interface Targets {
  readonly task: Task;
  readonly isGuessed: boolean;
  readonly columns: readonly ColumnProfile[];
  readonly classes: readonly string[];
  readonly values: DatasetInfo['values'];
  /** The class number, or one value per target (NaN: missing); null when the row teaches nothing and is left out. */
  read(record: CsvRecord): readonly number[] | null;
}

/** Whole numbers with at most this many different values are taken for classes. */
const MAX_GUESSED_CLASSES = 10;
const YES_NO = new Map([
  ...['1', 'true', 'yes'].map((text) => [text, 1] as const),
  ...['0', 'false', 'no'].map((text) => [text, 0] as const)
]);

/** Throws: `invalid_argument` when there is no such column; `bad_dataset` when the columns do not suit the task. */
export function chooseTargets(
  file: CsvFile,
  profiles: readonly ColumnProfile[],
  wanted: readonly string[],
  task: Task | undefined
): Targets {
  const columns = findColumns(file, profiles, wanted);
  const chosen = task ?? guessTask(file, columns);
  const about = { task: chosen, isGuessed: task === undefined, columns };
  switch (chosen) {
    case 'classification':
      return { ...about, ...classTarget(file, columns) };
    case 'regression':
      return { ...about, ...numberTargets(file, columns) };
    case 'multi-label':
      return { ...about, ...labelTargets(file, columns) };
    default:
      return chosen satisfies never;
  }
}

/** A name that holds commas is found before it is taken for a list of names. */
function findColumns(file: CsvFile, profiles: readonly ColumnProfile[], wanted: readonly string[]): ColumnProfile[] {
  const names = wanted.flatMap((name) =>
    file.header.includes(name) ? [name] : name.split(',').map((one) => one.trim())
  );
  const known = file.header.length > 30 ? [...file.header.slice(0, 30), '…'] : file.header;
  if (names.length === 0)
    throw new LabError(
      'invalid_argument',
      `Say which column of ${file.path} is to be learned, with --target. Its columns: ${known.join(', ')}.`,
      { columns: file.header }
    );
  const missing = names.find((name) => !file.header.includes(name));
  if (missing !== undefined)
    throw new LabError(
      'invalid_argument',
      `${file.path} has no column “${missing}”. ${didYouMean(missing, file.header)}It has: ${known.join(', ')}.`,
      { target: missing, columns: file.header }
    );
  return [...new Set(names)].map((name) => profiles[file.header.indexOf(name)]!);
}

const isYesNo = ({ levels, present }: ColumnProfile): boolean =>
  present > 0 && [...levels].every((level) => yesNo(level) !== undefined);
/** `1.0` counts as 1: pandas writes a column of 0 and 1 with gaps like that. */
const yesNo = (field: string): number | undefined => YES_NO.get(field.toLowerCase().replace(/\.0$/, ''));

function guessTask(file: CsvFile, columns: readonly ColumnProfile[]): Task {
  if (columns.length === 1) {
    const [{ isNumeric, integers, present, levels }] = columns as [ColumnProfile];
    const isCode = integers === present && levels.size <= MAX_GUESSED_CLASSES;
    return !isNumeric || isCode ? 'classification' : 'regression';
  }
  if (columns.every(isYesNo)) return 'multi-label';
  const text = columns.find(({ isNumeric }) => !isNumeric);
  if (!text) return 'regression';
  throw badFile(
    file.path,
    `The targets do not go together: column “${text.name}” holds texts`,
    'several columns of numbers, or several of 0 and 1',
    `“${text.firstText?.text.slice(0, 60) ?? 'nothing'}”`,
    'Take one target alone.'
  );
}

type Reading = Pick<Targets, 'classes' | 'values' | 'read'>;

function classTarget(file: CsvFile, columns: readonly ColumnProfile[]): Reading {
  const [column] = columns as [ColumnProfile];
  const found = column.levels.size > MAX_CLASSES ? `more than ${MAX_CLASSES}` : String(column.levels.size);
  const remedy = column.isNumeric ? 'Use --task regression.' : 'Take another target.';
  if (columns.length > 1)
    throw new LabError('invalid_argument', 'Classification has one target column. Several of 0 and 1 are multi-label.');
  if (column.levels.size < 2 || column.levels.size > MAX_CLASSES)
    throw badFile(file.path, `“${column.name}” cannot be classes`, `2 to ${MAX_CLASSES} different ones`, found, remedy);
  const classes = column.sortedLevels();
  const numberOf = new Map(classes.map((name, label) => [name, label]));
  return {
    classes,
    values: [],
    read({ fields }) {
      const field = fields[column.at]!;
      return isMissing(field) ? null : [numberOf.get(column.levelOf(field)) ?? NaN];
    }
  };
}

function numberTargets(file: CsvFile, columns: readonly ColumnProfile[]): Reading {
  const text = columns.find(({ isNumeric }) => !isNumeric);
  if (text?.firstText) throw noNumber(file, text.firstText, text.name);
  if (text) throw badFile(file.path, `“${text.name}” has no values`, 'numbers', 'an empty column');
  return {
    classes: [],
    values: columns.map(({ name }) => ({ name, kind: 'number' })),
    read: ({ fields }) =>
      columns.some(({ at }) => isMissing(fields[at]!))
        ? null
        : columns.map(({ at }) => toNumber(fields[at]!, file.delimiter))
  };
}

function labelTargets(file: CsvFile, columns: readonly ColumnProfile[]): Reading {
  const other = columns.find((column) => !isYesNo(column));
  if (other) {
    const found = [...other.levels].find((level) => yesNo(level) === undefined) ?? 'nothing';
    const expected = '0 or 1 (true/false, yes/no; empty: not known)';
    throw badFile(file.path, `Column “${other.name}” is no label`, expected, `“${found}”`, 'Take other targets.');
  }
  return {
    classes: [],
    values: columns.map(({ name }) => ({ name, kind: 'binary' })),
    read: ({ fields }) =>
      columns.every(({ at }) => isMissing(fields[at]!)) ? null : columns.map(({ at }) => yesNo(fields[at]!) ?? NaN)
  };
}
