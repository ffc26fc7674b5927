/**
 * Makes a dataset of a CSV file: types of columns guessed, target chosen by name, a test set drawn.
 *
 * The file is read twice: once to know its columns, and once the size of the result is known and allowed, to fill it. What is learned
 * from the rows (medians for missing numbers) is learned from the training rows alone.
 */
import type { Dataset, DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import { drawTest, type Drawn } from '../draw-test.ts';
import { badFile } from '../faults.ts';
import { asInput, profileColumns, type InputColumn } from './columns.ts';
import { columnNames, fillRows, type Filled } from './encode.ts';
import { openCsv } from './read-csv.ts';
import { chooseTargets, type Targets, type Task } from './targets.ts';

export interface TableOptions {
  readonly target?: readonly string[] | undefined;
  readonly task?: Task | undefined;
  /** Share of the rows that is kept for testing. */
  readonly test?: number | undefined;
}

export interface ImportedTable {
  /** Named by the caller. */
  readonly dataset: Dataset;
  /** Rows without the target. */
  readonly droppedRows: number;
  /** What a person should know: columns left out, values filled in, what was guessed. */
  readonly notes: readonly string[];
}

const MAX_BYTES = 2 ** 30;

/** Throws: `unreadable_file`, `bad_dataset`, `invalid_argument`, `out_of_memory`. */
export async function importTable(path: string, options: TableOptions): Promise<ImportedTable> {
  const file = await openCsv(path);
  const { profiles, rows } = await profileColumns(file);
  const targets = chooseTargets(file, profiles, options.target ?? [], options.task);
  const inputs = profiles.filter((profile) => !targets.columns.includes(profile)).map((one) => asInput(one, file));
  const used = inputs.filter((input) => input.kind !== 'ignored');
  const columns = used.flatMap(columnNames);
  if (columns.length === 0)
    throw badFile(path, 'Nothing is left to learn from', 'a column of numbers or categories', reasonsOf(inputs));
  checkSize(path, rows, columns.length + targets.values.length);
  const filled = await fillRows(file, rows, used, targets);
  if (filled.count < 2)
    throw badFile(path, 'Too few rows have the target', 'at least two', String(filled.count), 'Take another target.');
  const drawn = drawTest(path, filled.labels, targets.classes.length, options.test);
  const dataset = arrange(filled, drawn, { columns, targets });
  const medians = imputeMedians(dataset, used);
  return { dataset, droppedRows: rows - filled.count, notes: notesOf(targets, inputs, rows - filled.count, medians) };
}

const reasonsOf = (inputs: readonly InputColumn[]) =>
  inputs.map((input) => (input.kind === 'ignored' ? `“${input.name}”: ${input.why}` : '')).join('; ') ||
  'targets alone';

function checkSize(path: string, rows: number, width: number): void {
  const bytes = rows * (4 * width + 1);
  if (bytes > MAX_BYTES)
    throw badFile(
      path,
      'The table is larger than the lab takes',
      `at most ${MAX_BYTES} bytes`,
      `${rows} rows of ${width} numbers (categories have one each), ${bytes} bytes`,
      'Use fewer rows or columns.'
    );
}

/** Training rows first, the drawn rows behind them. */
function arrange(
  { examples, labels, values, count }: Filled,
  { train, test }: Drawn,
  { columns, targets }: { columns: string[]; targets: Targets }
): Dataset {
  const rows = new Int32Array(count);
  rows.set(train);
  rows.set(test, train.length);
  const take = <T extends Float32Array | Uint8Array>(from: T, width: number): T => {
    const to = new (from.constructor as new (length: number) => T)(from.length);
    rows.forEach((row, at) => to.set(from.subarray(row * width, (row + 1) * width), at * width));
    return to;
  };
  const info: DatasetInfo = {
    name: '',
    title: '',
    origin: 'user',
    shape: [columns.length],
    columns,
    classes: [...targets.classes],
    values: targets.values,
    trainCount: train.length,
    testCount: test.length,
    encoding: 'floats',
    license: 'not stated',
    source: 'imported'
  };
  return {
    info,
    examples: take(examples, columns.length),
    labels: take(labels, 1),
    values: take(values, targets.values.length)
  };
}

/** Fills the gaps in columns of numbers; medians are of the training rows alone, 0 where those have none. */
function imputeMedians({ info, examples }: Dataset, used: readonly InputColumn[]): ReadonlyMap<string, number> {
  const width = info.shape[0]!;
  const medians = new Map<string, number>();
  for (const [at, name] of info.columns!.entries()) {
    if (!used.some((input) => input.kind === 'number' && input.name === name && input.missing > 0)) continue;
    const column = Float32Array.from({ length: examples.length / width }, (_, row) => examples[row * width + at]!);
    const median = medianOf(column.subarray(0, info.trainCount));
    medians.set(name, median);
    column.forEach((value, row) => {
      if (Number.isNaN(value)) examples[row * width + at] = median;
    });
  }
  return medians;
}

function medianOf(values: Float32Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return 0;
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

function notesOf(
  targets: Targets,
  inputs: readonly InputColumn[],
  droppedRows: number,
  medians: ReadonlyMap<string, number>
): string[] {
  const names = targets.columns.map(({ name }) => `“${name}”`).join(', ');
  const guess = `Guessed from ${names}: ${targets.task}. --task says otherwise.`;
  const dropped = `${droppedRows} ${droppedRows === 1 ? 'row' : 'rows'} without ${names} left out.`;
  const ofInputs = inputs.flatMap((input) => {
    if (input.kind === 'ignored') return [`Column “${input.name}” left out: ${input.why}.`];
    if (input.missing === 0) return [];
    const gaps = `Column “${input.name}”: ${input.missing} missing`;
    return input.kind === 'number'
      ? [`${gaps}, filled with the median ${Number(medians.get(input.name)!.toPrecision(6))}.`]
      : [`${gaps}, a category of their own.`];
  });
  return [...(targets.isGuessed ? [guess] : []), ...(droppedRows > 0 ? [dropped] : []), ...ofInputs];
}
