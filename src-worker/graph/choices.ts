/** What a person can choose from when setting up an experiment: kinds with their settings, for the page's controls; and metrics by name. */
import type { Fields } from '../contract/fields.ts';
import { initializers } from '../initializers/table.ts';
import { metrics } from '../metrics/table.ts';
import { optimizers } from '../optimizers/table.ts';

type Choices = Readonly<Record<string, { readonly kind: string; readonly help: string; readonly config: Fields }>>;

export const optimizerChoices: Choices = optimizers;
export const initializerChoices: Choices = initializers;
export const metricChoices: Choices = metrics;

export { readMetricName, type MetricName } from '../metrics/names.ts';
