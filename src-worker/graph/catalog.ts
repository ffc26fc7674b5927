/** What can be put into an experiment, for whoever offers a choice: every kind with its settings and one line of help. */
import type { Fields } from '../contract/fields.ts';
import { initializers } from '../initializers/table.ts';
import { layers } from '../layers/table.ts';
import { losses } from '../losses/table.ts';
import { optimizers } from '../optimizers/table.ts';

export interface CatalogEntry {
  readonly kind: string;
  readonly help: string;
  readonly config: Fields;
}

const entries = (table: Readonly<Record<string, CatalogEntry>>): readonly CatalogEntry[] =>
  Object.values(table).map(({ kind, help, config }) => ({ kind, help, config }));

export const catalog = {
  layers: entries(layers),
  losses: entries(losses),
  optimizers: entries(optimizers),
  initializers: entries(initializers)
} as const;
