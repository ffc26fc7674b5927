/** Numbers and settings in the language of the page. */
import { t, tMaybe, words } from '../i18n/t.svelte.ts';
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import type { Divergence, Metrics } from '../../src-worker/contract/run.ts';
import { readMetricName } from '../../src-worker/graph/choices.ts';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRemaining,
  formatSetting,
  NONE
} from './format.ts';

const units = () => ({ s: t('unit.s'), min: t('unit.min'), h: t('unit.h') });
export const duration = (seconds: number | null | undefined) => formatDuration(seconds, units());
export const remaining = (seconds: number | null | undefined) => formatRemaining(seconds, units());

/** `network.nodes.h1.units` → `node.units`, `training.metrics.2.k` → `training.metrics.k`. */
export const wordPath = (path: string): string =>
  path
    .replace(/^network\.nodes\.[^.]+/, 'node')
    .replace(/^training\.heads\.[^.]+/, 'training.heads')
    .replace(/^(training\.metrics|data\.augment)\.\d+/, '$1')
    .replace(/^training\.heads\.loss/, 'training.loss');

/** As `settingName`, without the layer that has it; to begin a sentence with. */
export function settingWord(path: string): string {
  const name = settingName(path.replace(/^training\.heads\.[^.]+\.(loss)\b/, 'training.$1'));
  const short = /^network\.nodes\.[^.]+\.(.+)$/.exec(path) ? name.slice(name.indexOf(' · ') + 3) : name;
  return short.charAt(0).toLocaleUpperCase() + short.slice(1);
}

/** `training.optimizer.beta1` → `memory β₁`; a node's setting keeps the node's id in front. */
export function settingName(path: string): string {
  const [, id, setting] = /^network\.nodes\.([^.]+)\.?(.*)$/.exec(path) ?? [];
  const [, list, place, part] = /^(training\.metrics|data\.augment)\.(\d+)\.?(.*)$/.exec(path) ?? [];
  if (list !== undefined) {
    const name = `${tMaybe(`setting.${list}`, tMaybe(`setting.${list}.kind`, list))} ${Number(place) + 1}`;
    return part === 'kind' ? name : `${name} · ${tMaybe(`setting.${list}.${part}`, part!)}`;
  }
  if (id === undefined) return tMaybe(`setting.${wordPath(path)}`, entryName(path));
  return setting ? `${id} · ${tMaybe(`setting.node.${setting}`, setting)}` : id;
}

/** `network.edges.3` → `Wires 4` */
function entryName(path: string): string {
  const [, list, place] = /^(.+)\.(\d+)$/.exec(path) ?? [];
  return list === undefined ? path : `${tMaybe(`setting.${list}`, list)} ${Number(place) + 1}`;
}

/** Sets that come with the lab have a name in each language. */
export const titleOf = ({ name, title, origin }: DatasetInfo): string =>
  origin === 'embedded' || origin === 'generated' ? tMaybe(`dataset.title.${name}`, title) : title;

export function settingValue(value: unknown): string {
  if (value === undefined) return NONE;
  if (typeof value === 'number') return formatSetting(value);
  if (typeof value === 'boolean') return t(value ? 'word.yes' : 'word.no');
  if (value === null) return t('word.none');
  if (typeof value === 'string') return tMaybe(`kind.${value}`, value);
  if (Array.isArray(value)) return listValue(value);
  const { kind, ...settings } = value as Readonly<Record<string, unknown>>;
  const rest = Object.entries(settings).map(([name, of]) =>
    typeof kind === 'string' ? settingValue(of) : `${tMaybe(`setting.node.${name}`, name)} ${settingValue(of)}`
  );
  return [...(typeof kind === 'string' ? [settingValue(kind)] : []), rest.join(' · ')].filter(Boolean).join(' ');
}

/** Wires by their number: one by one they say little. */
function listValue(values: readonly unknown[]): string {
  if (values.some(Array.isArray)) return t('word.wires', { n: values.length });
  return values.map(settingValue).join(', ') || t('word.none');
}

/** A metric by its name: `f1` → `F1`, `shape.top-k:5` → `Top 5 · shape`. */
export function metricLabel(name: string): string {
  const { node, kind, variant } = readMetricName(name);
  const label = tMaybe(`metric.${kind}`, kind, { of: variant ?? '' });
  const which = variant !== null && !label.includes(variant) ? ` ${variant}` : '';
  return `${label}${which}${node === null ? '' : ` · ${node}`}`;
}

/** The same within a sentence or a heading. */
export function metricWord(name: string): string {
  const { node, kind } = readMetricName(name);
  return node === null ? tMaybe(`metric.word.${kind}`, metricLabel(name)) : metricLabel(name);
}

export const metricValue = (name: string, value: number | null | undefined): string =>
  readMetricName(name).unit === 'share' ? formatPercent(value) : formatNumber(value);

/** From here on digits in full do not fit beside an axis: losses on their way to infinity. */
const HUGE = 1e6;

/** On an axis, with as many decimals as tell neighbours apart. */
export const metricTick = (name: string, value: number, decimals: number): string =>
  readMetricName(name).unit === 'share'
    ? formatPercent(value, Math.max(0, decimals - 2))
    : Math.abs(value) < HUGE
      ? value.toFixed(decimals)
      : formatNumber(value, 3);

/** `accuracy 85.19 %, loss 0.4188` */
export const metricsText = (metrics: Metrics, names: readonly string[]): string =>
  names.map((name) => `${metricWord(name)} ${metricValue(name, metrics[name])}`).join(t('word.comma'));

/** How a backend computes: `relaxed SIMD, 2 threads`, or the name of the GPU, which is the same in every language. */
export function backendDetail(detail: string): string {
  const [, relaxed, threads] = /^(relaxed )?SIMD, (\d+) threads?$/.exec(detail) ?? [];
  if (threads !== undefined) return t(relaxed ? 'backend.relaxedSimd' : 'backend.simd', { n: threads });
  const [, precision] = /^plain loops, (\w+)$/.exec(detail) ?? [];
  return precision === undefined ? detail : t('backend.loops', { precision });
}

/** Where it broke, and what helps. */
export function divergenceText({ step, node, what, tensor }: Divergence): string {
  const where = what && t(`diverged.${what}`, { node: node ?? '', tensor: tensor ?? '' });
  return [t('diverged.at', { step: formatCount(step) }), where, t('diverged.advice')].filter(Boolean).join(' ');
}

/** The time of day for today, the date otherwise. */
export function moment(ms: number, now = Date.now()): string {
  const [date, today] = [new Date(ms), new Date(now)];
  const options: Intl.DateTimeFormatOptions =
    date.toDateString() === today.toDateString()
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { month: 'short', day: 'numeric', ...(date.getFullYear() !== today.getFullYear() && { year: 'numeric' }) };
  return new Intl.DateTimeFormat(words.language, options).format(date);
}

export const momentInFull = (ms: number) =>
  new Intl.DateTimeFormat(words.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(ms);

const SPANS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60]
] as const;

/** `12 sec. ago`, `3 min. ago`. */
export function ago(ms: number, now = Date.now()): string {
  const seconds = Math.max(0, (now - ms) / 1000);
  const [unit, length] = SPANS.find(([, span]) => seconds >= span) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(words.language, { style: 'short' }).format(-Math.floor(seconds / length), unit);
}
