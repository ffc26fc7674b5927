/** A layer as it comes from the palette. */
import type { NodeSpec } from '../../../src-worker/contract/experiment.ts';
import type { Fields } from '../../../src-worker/contract/fields.ts';
import { families } from '../../../src-worker/graph/choices.ts';

/** With its defaults written out, as every experiment has them once it is checked. */
export function newLayer(kind: string, id: string): NodeSpec {
  const definition = families.layers[kind];
  return { id, kind, ...defaultsOf(definition?.config ?? {}) };
}

function defaultsOf(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.type === 'kind'
        ? { kind: field.default, ...defaultsOf(field.table[field.default]?.config ?? {}) }
        : field.default
    ])
  );
}
