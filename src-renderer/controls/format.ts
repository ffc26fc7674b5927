/**
 * Numbers for people: 4 significant digits, thin spaces between thousands, the unit behind the number.
 *
 * A value that is not finite has no digits and becomes a dash.
 */

/** Narrow no-break space: groups digits and parts a number from its unit without letting the line break there. */
export const THIN = '\u202f';
export const NONE = '–';
const MINUS = '−';

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** 0.33471 → `0.3347`, 12345.6 → `12 346`, 2e-7 → `2.000e-7`. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (!isNumber(value)) return NONE;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return sign(value) + scientific(size, digits);
  const decimals = size === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return sign(value) + group(size.toFixed(decimals));
}

/** A whole number in full: 109810 → `109 810`. */
export function formatCount(value: number | null | undefined): string {
  return isNumber(value) ? sign(value) + group(Math.round(Math.abs(value)).toString()) : NONE;
}

const PREFIXES = ['', 'k', 'M', 'G', 'T'];

/** Counts with SI prefixes: 1234567 → `1.23 M`, 950 → `950`. */
export function formatShort(value: number | null | undefined, unit = ''): string {
  if (!isNumber(value)) return NONE;
  let [size, step] = [Math.abs(value), 0];
  while (size >= 999.5 && step < PREFIXES.length - 1) [size, step] = [size / 1000, step + 1];
  const digits = step === 0 ? Math.round(size).toString() : String(Number(size.toPrecision(3)));
  const tail = `${PREFIXES[step]}${unit}`;
  return sign(value) + digits + (tail && THIN + tail);
}

/** 41 400 000 → `41.4 MB`. */
export const formatBytes = (value: number | null | undefined) => formatShort(value, 'B');

/** A share of one as a percentage with 4 significant digits: 0.9031 → `90.31 %`. */
export function formatPercent(share: number | null | undefined, decimals = 2): string {
  return isNumber(share) ? `${sign(share)}${(Math.abs(share) * 100).toFixed(decimals)}${THIN}%` : NONE;
}

/** A setting such as α as it would be typed: 0.001 → `0.001`, 0.0003 → `3e-4`. */
export function formatSetting(value: number | null | undefined): string {
  if (!isNumber(value)) return NONE;
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return sign(value) + size.toExponential().replace(/e\+?/, 'e');
  return size >= 1e4 ? sign(value) + group(String(size)) : sign(value) + String(size);
}

export interface DurationUnits {
  s: string;
  min: string;
  h: string;
}
export const SI_UNITS: DurationUnits = { s: 's', min: 'min', h: 'h' };

/** Seconds: 0.84 → `0.84 s`, 33.4 → `33.4 s`, 125 → `2 min 05 s`, 3840 → `1 h 04 min`. */
export function formatDuration(seconds: number | null | undefined, units: DurationUnits = SI_UNITS): string {
  if (!isNumber(seconds)) return NONE;
  if (seconds < 9.995) return `${seconds.toFixed(2)}${THIN}${units.s}`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}${THIN}${units.s}`;
  const whole = Math.round(seconds);
  if (whole < 3600) return two(whole / 60, units.min, whole % 60, units.s);
  return two(whole / 3600, units.h, (whole % 3600) / 60, units.min);
}

/** Time left, in steps that a person can follow: 33.4 → `33 s`. */
export function formatRemaining(seconds: number | null | undefined, units: DurationUnits = SI_UNITS): string {
  if (!isNumber(seconds)) return NONE;
  return seconds < 59.5 ? `${Math.ceil(seconds)}${THIN}${units.s}` : formatDuration(seconds, units);
}

/** Training time as a stamp: 7.31 → `0:07.3`, 3725 → `1:02:05`. */
export function formatStamp(seconds: number): string {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return `${h}:${pad(m)}:${pad(s)}`;
  return `${m}:${pad(s)}.${Math.floor((seconds - whole) * 10)}`;
}

/** A number on an axis: no more digits than it has, thin spaces between thousands. */
export const formatTick = (value: number) => sign(value) + group(String(Number(Math.abs(value).toPrecision(6))));

/** A time on an axis that ends at `end`. Units: both seconds. */
export const formatTime = (seconds: number, end: number) =>
  end < 120 ? `${formatTick(seconds)}${THIN}${SI_UNITS.s}` : formatStamp(seconds).replace(/\.\d$/, '');

const sign = (value: number) => (value < 0 ? MINUS : '');
const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
const two = (large: number, largeUnit: string, small: number, smallUnit: string) =>
  `${Math.floor(large)}${THIN}${largeUnit} ${pad(small)}${THIN}${smallUnit}`;
const scientific = (size: number, digits: number) => size.toExponential(digits - 1).replace('e+', 'e');

/** `12345.6` → `12 345.6`. */
function group(digits: string): string {
  const [whole = '', part] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return part === undefined ? grouped : `${grouped}.${part}`;
}
