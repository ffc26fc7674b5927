import { accuracy } from './accuracy.ts';
import { f1 } from './f1.ts';
import { mae } from './mae.ts';
import type { MetricDefinition } from './metric.ts';
import { precision } from './precision.ts';
import { r2 } from './r2.ts';
import { recall } from './recall.ts';
import { rmse } from './rmse.ts';
import { topK } from './top-k.ts';
import { weightedError } from './weighted-error.ts';

/** Every metric, by kind. */
export const metrics: Readonly<Record<string, MetricDefinition>> = Object.fromEntries(
  [accuracy, topK, precision, recall, f1, weightedError, mae, rmse, r2].map((metric) => [metric.kind, metric])
);
