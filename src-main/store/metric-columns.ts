/** Metrics as columns: loss and accuracy, and whatever else was measured as JSON by name. */
import type { Metrics } from '../../src-worker/contract/run.ts';
import { finite } from './sequenced.ts';

export interface MetricColumns {
  loss: number | null;
  accuracy: number | null;
  more: string | null;
}

export function columnsOf(metrics: Metrics | null): MetricColumns {
  const { loss = null, accuracy = null, ...more } = metrics ?? {};
  const kept = Object.entries(more).map(([name, value]) => [name, finite(value ?? null)]);
  return {
    loss: finite(loss),
    accuracy: finite(accuracy),
    more: kept.length > 0 ? JSON.stringify(Object.fromEntries(kept)) : null
  };
}

export const metricsOf = ({ loss, accuracy, more }: MetricColumns): Metrics => ({
  loss,
  accuracy,
  ...(more === null ? {} : (JSON.parse(more) as Record<string, number | null>))
});
