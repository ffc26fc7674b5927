/** What a person can choose from when setting up an experiment: kinds with their settings, for the page's controls; and metrics by name. */
import { augmentations } from '../augment/table.ts';
import type { Fields } from '../contract/fields.ts';
import { initializers } from '../initializers/table.ts';
import { layers } from '../layers/table.ts';
import { losses } from '../losses/table.ts';
import { metrics } from '../metrics/table.ts';
import { optimizers } from '../optimizers/table.ts';
import { schedules } from '../schedules/table.ts';

type Choices = Readonly<Record<string, { readonly kind: string; readonly help: string; readonly config: Fields }>>;

export const optimizerChoices: Choices = optimizers;
export const initializerChoices: Choices = initializers;
export const metricChoices: Choices = metrics;

/** All that an experiment is put together from, by family. */
export const families = {
  layers,
  losses,
  optimizers,
  schedules,
  initializers,
  augmentations,
  metrics
} as const satisfies Readonly<Record<string, Choices>>;

/** undefined for a kind that is none, also for `constructor` and what else every object has. */
export const layerOf = (kind: string) => (Object.hasOwn(layers, kind) ? layers[kind] : undefined);

export { readMetricName, type MetricName } from '../metrics/names.ts';
export { splitCounts } from '../data/split.ts';
