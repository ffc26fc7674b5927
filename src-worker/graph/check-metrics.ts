/** The check of what is measured: every metric has an output that it can judge, and early stopping watches one that there is. */
import type { Kinded } from '../contract/fields.ts';
import type { Problem } from '../contract/problems.ts';
import { measuredNames, refusalOf, type JudgedOutput } from '../metrics/requests.ts';
import { metrics } from '../metrics/table.ts';
import { parseKinds } from './parse-kind.ts';

/** The metrics asked for: see parseKinds. */
export const parseMetrics = (asked: unknown, problems: Problem[]): (Kinded | null)[] | undefined =>
  parseKinds(asked, 'training.metrics', metrics, problems);

export function checkMetrics(outputs: readonly JudgedOutput[], asked: readonly (Kinded | null)[]): Problem[] {
  const subjects = outputs.map(({ subject }) => subject);
  return asked.flatMap((spec, index) => {
    const refusal = spec && refusalOf(spec, subjects);
    return refusal ? [{ path: `training.metrics.${index}`, value: spec, ...refusal }] : [];
  });
}

/** `monitor`: what early stopping watches, if it does. */
export function checkMonitor(outputs: readonly JudgedOutput[], asked: readonly Kinded[], monitor: unknown): Problem[] {
  if (typeof monitor !== 'string' || !monitor.startsWith('dev.')) return []; // not there, or the frame has said so
  const known = measuredNames(outputs, asked);
  if (known.includes(monitor.slice('dev.'.length))) return [];
  return [
    {
      path: 'training.earlyStopping.monitor',
      value: monitor,
      why: 'this is not measured in such a run',
      remedy: `Use ${known.map((name) => `dev.${name}`).join(', ')}, or add it to training.metrics.`
    }
  ];
}
