/** The check of what is measured: every metric has an output that it can judge; early stopping and the schedule watch what there is. */
import type { ConfigOf, Fields, Kinded } from '../contract/fields.ts';
import { problem, problemAt, type Problem } from '../contract/problems.ts';
import { among } from '../contract/refusal.ts';
import { measuredNames, nameOf, refusalOf, type JudgedOutput } from '../metrics/requests.ts';
import { metrics } from '../metrics/table.ts';
import { schedules } from '../schedules/table.ts';
import { parseKinds } from './parse-kind.ts';

/** The metrics asked for: see parseKinds. */
export const parseMetrics = (asked: unknown, problems: Problem[]): (Kinded | null)[] | undefined =>
  parseKinds(asked, 'training.metrics', metrics, problems);

/** What is measured and watched, as far as it could be read. */
export interface Measuring {
  readonly asked: readonly (Kinded | null)[] | undefined;
  /** What early stopping watches, if it does. */
  readonly monitor: unknown;
  readonly schedule?: Kinded;
}

/** `outputs`: null where they are not known. */
export function checkMeasuring(
  outputs: readonly JudgedOutput[] | null,
  { asked, monitor, schedule }: Measuring
): Problem[] {
  if (!outputs || !asked) return []; // the reason has been told
  const refused = [...checkMetrics(outputs, asked), ...sameNames(asked)];
  const hearing = schedule ? checkSchedule(outputs, schedule) : [];
  // A metric with a problem of its own must not also be missed.
  if (refused.length > 0 || asked.includes(null)) return [...refused, ...hearing];
  return [...checkMonitor(outputs, asked as Kinded[], monitor), ...hearing];
}

function checkMetrics(outputs: readonly JudgedOutput[], asked: readonly (Kinded | null)[]): Problem[] {
  const subjects = outputs.map(({ subject }) => subject);
  return asked.flatMap((spec, index) => {
    const refusal = spec && refusalOf(spec, subjects);
    return refusal ? [problemAt({ path: `training.metrics.${index}`, value: spec }, refusal)] : [];
  });
}

/** Of two under one name only one would be kept. The same twice does no harm. */
function sameNames(asked: readonly (Kinded | null)[]): Problem[] {
  const settings = asked.map((spec) => spec && JSON.stringify(Object.entries(spec).sort()));
  const names = asked.map((spec) => spec && nameOf(spec));
  return asked.flatMap((spec, index) => {
    const first = names.indexOf(names[index]!);
    if (!spec || first === index || settings[first] === settings[index]) return [];
    const words = { first: `training.metrics.${first}`, name: names[index]! };
    return [problem('same-metric-name', { path: `training.metrics.${index}`, value: spec }, words)];
  });
}

function checkMonitor(outputs: readonly JudgedOutput[], asked: readonly Kinded[], monitor: unknown): Problem[] {
  if (typeof monitor !== 'string' || !monitor.startsWith('dev.')) return []; // not there, or the frame has said so
  const known = measuredNames(outputs, asked).map((name) => `dev.${name}`);
  if (known.includes(monitor)) return [];
  return [problem('not-measured', { path: 'training.earlyStopping.monitor', value: monitor }, among(monitor, known))];
}

/** A schedule that listens would never hear of what is not measured. */
function checkSchedule(outputs: readonly JudgedOutput[], { kind, ...settings }: Kinded): Problem[] {
  const definition = schedules[kind]!;
  const monitor = definition.monitor?.(settings as ConfigOf<Fields>);
  // Metrics that were asked for are of the dev set alone, which may be empty.
  const known = measuredNames(outputs, []);
  if (monitor === undefined || known.includes(monitor)) return [];
  const field = definition.config['monitor'];
  const others = field?.type === 'choice' ? field.choices.filter((choice) => known.includes(choice)) : known;
  const place = { path: 'training.schedule.monitor', value: monitor };
  return [problem('not-heard', place, among(monitor, others))];
}
