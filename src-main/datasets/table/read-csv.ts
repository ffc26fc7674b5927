/**
 * Reads CSV files record by record, with the line each begins on: UTF-8, separated by comma, semicolon, tab or bar, quoted as RFC 4180
 * says, any line ends. Knows nothing of columns and targets; see columns.ts.
 *
 * A file is data from anywhere: its size, the number of its columns and the length of a record are limited.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { badFile, unreadable } from '../faults.ts';

export interface CsvFile {
  readonly path: string;
  readonly delimiter: string;
  /** Names of the columns, all different. */
  readonly header: readonly string[];
}

export interface CsvRecord {
  readonly fields: readonly string[];
  /** Counted from 1; a quoted field may go on over several lines. */
  readonly line: number;
}

const MAX_FILE_BYTES = 2 ** 31;
const MAX_COLUMNS = 10_000;
const MAX_RECORD_BYTES = 2 ** 22;
const SNIFF_BYTES = 2 ** 16;
const DELIMITERS = [',', ';', '\t', '|'];

/** Finds the delimiter and reads the first line. Throws: `unreadable_file`, `bad_dataset`. */
export async function openCsv(path: string): Promise<CsvFile> {
  const start = await readStart(path);
  const delimiter = sniffDelimiter(start);
  for await (const { fields, line } of records(path, delimiter))
    return { path, delimiter, header: checkHeader(path, fields, line) };
  throw badFile(path, 'The file is empty', 'a line with the names of the columns', 'nothing');
}

/** Every record below the header. Throws: `bad_dataset` with the line, `unreadable_file`. */
export async function* readRows({ path, delimiter, header }: CsvFile): AsyncGenerator<CsvRecord> {
  let isHeader = true;
  for await (const record of records(path, delimiter)) {
    if (!isHeader && record.fields.length !== header.length)
      throw badFile(
        path,
        `Line ${record.line} has not as many fields as there are columns`,
        `${header.length} fields`,
        `${record.fields.length}`,
        'Correct the line; a field that holds the separator has to be in quotes.'
      );
    if (!isHeader) yield record;
    isHeader = false;
  }
}

async function readStart(path: string): Promise<string> {
  try {
    const status = await stat(path);
    if (!status.isFile()) throw unreadable(path, { code: 'ENOTFILE' });
    if (status.size > MAX_FILE_BYTES)
      throw badFile(
        path,
        'The file is larger than the lab reads',
        `at most ${MAX_FILE_BYTES} bytes`,
        `${status.size}`,
        'Split it.'
      );
    const file = await open(path);
    const bytes = Buffer.alloc(Math.min(SNIFF_BYTES, status.size));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0).finally(() => file.close());
    return bytes.toString('utf8', 0, bytesRead);
  } catch (error) {
    throw error instanceof LabError ? error : unreadable(path, error);
  }
}

/** The one that the first line has most of, outside quotes. */
function sniffDelimiter(start: string): string {
  const [line = ''] = start
    .replace(/"(?:[^"]|"")*"/g, '')
    .trimStart()
    .split(/[\r\n]/, 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

function checkHeader(path: string, fields: readonly string[], line: number): string[] {
  const names = fields.map((field, at) => field || `column ${at + 1}`);
  const wrong = (what: string, expected: string, found: string) =>
    badFile(path, `Line ${line}: ${what}`, expected, found, 'Correct the first line.');
  if (names.length < 2)
    throw wrong('There is one column', 'at least two, separated by comma, semicolon, tab or |', `“${names[0]}”`);
  if (names.length > MAX_COLUMNS)
    throw wrong('There are too many columns', `at most ${MAX_COLUMNS}`, String(names.length));
  if (fields.filter((field) => field !== '' && Number.isFinite(Number(field))).length > fields.length / 2)
    throw wrong('These are no names', 'the names of the columns', `“${fields.slice(0, 3).join(', ')}…”`);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw wrong('Two columns have one name', 'a name for each', `“${twice}” twice`);
  return names;
}

async function* records(path: string, delimiter: string): AsyncGenerator<CsvRecord> {
  let lastLine = 0;
  const parser = parse({
    delimiter,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    record_delimiter: '\n',
    max_record_size: MAX_RECORD_BYTES,
    on_record(fields, { lines }) {
      lastLine = lines;
      const record: CsvRecord = { fields, line: lines - newlinesIn(fields) };
      return record as unknown as string[]; // the package's types know of no other records
    }
  });
  const source = createReadStream(path, { highWaterMark: 1 << 18 });
  // The parser is destroyed with the error of whichever part fails, and the loop below throws it.
  pipeline(
    source,
    (chunks: AsyncIterable<Buffer>) => textOf(chunks, path),
    parser,
    () => undefined
  );
  try {
    for await (const record of parser) yield record as CsvRecord;
  } catch (error) {
    throw asFault(path, error, lastLine + 1);
  }
}

function newlinesIn(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields) if (field.includes('\n')) count += field.split('\n').length - 1;
  return count;
}

/**
 * Decodes strictly: a file in another encoding would give wrong letters in silence. A byte order mark is dropped, and every line ends
 * with \n alone, also within quotes, so that lines are counted alike everywhere.
 */
async function* textOf(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 0;
  let carried = '';
  for await (const chunk of chunks) {
    const decoded = decode(
      () => decoder.decode(chunk, { stream: true }),
      path,
      () => lines + lineOfFault(chunk)
    );
    const [whole, rest] = decoded.endsWith('\r') ? [decoded.slice(0, -1), '\r'] : [decoded, ''];
    const text = (carried + whole).replace(/\r\n?/g, '\n');
    carried = rest;
    if (text.includes('\0'))
      throw badFile(path, 'This is not a text file', 'CSV in UTF-8', `a zero byte near line ${lines + 1}`);
    lines += text.split('\n').length - 1;
    yield text;
  }
  yield (
    decode(
      () => decoder.decode(),
      path,
      () => lines + 1
    ) + carried.replace('\r', '\n')
  );
}

function decode(doIt: () => string, path: string, line: () => number): string {
  try {
    return doIt();
  } catch {
    throw badFile(
      path,
      `Line ${line()} is not UTF-8`,
      'UTF-8',
      'another encoding',
      'Save the table as “CSV UTF-8” and try again.'
    );
  }
}

/** The first line of the chunk that is not UTF-8. Its first line may begin, its last may end within a letter. */
function lineOfFault(chunk: Buffer): number {
  let line = 1;
  for (let at = 0; at < chunk.length; line++) {
    const newline = chunk.indexOf(0x0a, at);
    const end = newline < 0 ? chunk.length : newline + 1;
    if (!isUtf8(chunk.subarray(at, end))) return line;
    at = end;
  }
  return line;
}

/** `line`: where the record begins that could not be read. */
function asFault(path: string, error: unknown, line: number): unknown {
  if (error instanceof CsvError) {
    const [what, remedy] = csvFaults[error.code] ?? [error.message, 'Correct the file.'];
    return badFile(
      path,
      `The record that begins on line ${line} cannot be read: ${what}`,
      'fields as in RFC 4180',
      'none',
      remedy
    );
  }
  return (error as NodeJS.ErrnoException).syscall ? unreadable(path, error) : error;
}

const csvFaults: Record<string, [what: string, remedy: string]> = {
  CSV_QUOTE_NOT_CLOSED: ['a quoted field is never closed', 'Add the quote at its end.'],
  CSV_INVALID_CLOSING_QUOTE: [
    'something follows the closing quote of a field',
    'Write a quote within quotes twice (""), and nothing between the last one and the separator.'
  ],
  INVALID_OPENING_QUOTE: [
    'a quote stands within a field that does not begin with one',
    'Put the whole field in quotes and write the quote within twice ("").'
  ],
  CSV_MAX_RECORD_SIZE: [`it is longer than ${MAX_RECORD_BYTES} bytes`, 'Look for a quoted field that is never closed.']
};
