/**
 * Names under which metrics travel: `f1`; with settings that keep two apart, `top-k:5`; of one of several outputs, the node in front,
 * `shape.f1`. Loss, penalty and accuracy come from the training pass itself and are named alike.
 */
import type { MetricDefinition } from './metric.ts';
import { metrics } from './table.ts';

export interface MetricName {
  /** Which output it judges, where there are several. */
  readonly node: string | null;
  readonly kind: string;
  readonly variant: string | null;
  readonly better: 'higher' | 'lower';
  readonly unit: 'share' | 'number';
}

const measured: Readonly<Record<string, Pick<MetricDefinition, 'better' | 'unit'>>> = {
  loss: { better: 'lower', unit: 'number' },
  penalty: { better: 'lower', unit: 'number' }
};

export const metricName = (node: string | null, kind: string, variant: string | null = null): string =>
  `${node === null ? '' : `${node}.`}${kind}${variant === null ? '' : `:${variant}`}`;

/** Takes a name apart; a kind that this version does not know reads as a number that should grow. */
export function readMetricName(name: string): MetricName {
  const dot = name.indexOf('.');
  const [kind = '', variant = null] = name.slice(dot + 1).split(':');
  const { better, unit } = (Object.hasOwn(metrics, kind) ? metrics[kind] : measured[kind]) ?? {
    better: 'higher' as const,
    unit: 'number' as const
  };
  return { node: dot < 0 ? null : name.slice(0, dot), kind, variant, better, unit };
}
