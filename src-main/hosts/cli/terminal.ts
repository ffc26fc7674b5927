/** What the commands print: tables, numbers, times. Results go to stdout, everything else to stderr. */
import type { TaskProgress } from '../../../src-worker/contract/thread.ts';

export const print = (line: string): void => void process.stdout.write(`${line}\n`);
export const printJson = (value: unknown): void => print(JSON.stringify(value));

/** One line on a terminal, redrawn and cleared at the end; silent elsewhere. */
export function progressLine(terminal: NodeJS.WriteStream = process.stderr) {
  if (!terminal.isTTY) return () => undefined;
  process.once('exit', () => terminal.write('\r\u001b[K'));
  return ({ share, what }: TaskProgress) => void terminal.write(`\r${Math.floor(share * 100)} %  ${what}\u001b[K`);
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const isNumeric = header.map((_, column) => rows.every((row) => /^[\d.,:%–± -]*$/.test(row[column]!)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isNumeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

const NOTHING = '–';

/** Four significant digits. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

export const formatShare = (value: number | null | undefined): string =>
  value === null || value === undefined ? NOTHING : `${(value * 100).toFixed(2)} %`;

/** 109810 → `109 810`. */
export const formatCount = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? NOTHING
    : Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ' ');

/** 75 → `1:15`, 3725 → `1:02:05`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** `2026-05-04 17:30`, in local time. */
export function formatMoment(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}
