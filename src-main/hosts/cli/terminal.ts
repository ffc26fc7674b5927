/** What the commands print: tables, numbers, times. Results go to stdout, everything else to stderr. */
import type { TaskProgress } from '../../../src-worker/contract/thread.ts';

export const print = (line: string): void => void process.stdout.write(`${visible(line)}\n`);
export const printJson = (value: unknown): void => print(JSON.stringify(value));

/** Control characters as pictures, ␛ for an escape: names come from files of others, and could move the cursor or hide text. */
export const visible = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '�';
  });

/** One line on a terminal, redrawn and cleared at the end; silent elsewhere. */
export function progressLine(terminal: NodeJS.WriteStream = process.stderr) {
  if (!terminal.isTTY) return () => undefined;
  process.once('exit', () => terminal.write('\r\u001b[K'));
  return ({ share, what }: TaskProgress) => void terminal.write(`\r${Math.floor(share * 100)} %  ${what}\u001b[K`);
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(header: readonly string[], body: readonly (readonly string[])[]): string {
  const rows = body.map((row) => row.map((cell) => visible(cell).replaceAll('\n', '␊')));
  const widths = header.map((title, column) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column]!))));
  const isNumeric = header.map((_, column) => rows.every((row) => /^[\d.,:%–± -]*$/.test(row[column]!)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - widthOf(cell));
        return isNumeric[column] ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

/** Places that a text takes on a terminal: two for a Chinese or Japanese character, none for an accent of its own. */
function widthOf(text: string): number {
  const all = [...text];
  return all.length + all.filter((one) => WIDE.test(one)).length - all.filter((one) => /\p{Mn}/u.test(one)).length;
}
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

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
export const formatBytes = (bytes: number): string =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

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
